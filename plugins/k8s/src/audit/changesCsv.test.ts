import type { AuditEntry } from './auditFilter';
import { changesCsv, csvCell } from './changesCsv';

const entry: AuditEntry = {
  id: '1',
  at: '2026-01-02T03:04:05.000Z',
  actor: 'user:default/ada',
  action: 'deployment.scale',
  outcome: 'refused',
  reason: 'Needs "K8sOperator",\nsays the policy',
  cluster: 'c1',
  clusterName: '=HYPERLINK("http://bad")',
  resource: {
    group: 'apps',
    plural: 'deployments',
    namespace: 'shop',
    name: 'cart',
  },
  details: { replicas: 3 },
  durationMs: 12,
  requestId: 'r1',
};

it.each([
  ['=1+1'],
  ['+1'],
  ['-1'],
  ['@SUM(A1)'],
  ['\t=1'],
  ['\r=1'],
  [' =1'],
  ['＝1'],
])('makes %j text', value => {
  expect(csvCell(value)).toBe(`"'${value}"`);
});

it.each([
  ['plain', '"plain"'],
  ['a "b", c', '"a ""b"", c"'],
  [12, '12'],
  [undefined, ''],
])('writes %j as %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

it('has a heading and a line for each entry', () => {
  expect(changesCsv([entry])).toBe(
    '\uFEFF"at","actor","action","outcome","reason","cluster","clusterId","group","plural","namespace","name","durationMs","requestId","details"\r\n' +
      '"2026-01-02T03:04:05.000Z","user:default/ada","deployment.scale","refused","Needs ""K8sOperator"",\nsays the policy","\'=HYPERLINK(""http://bad"")","c1","apps","deployments","shop","cart",12,"r1","{""replicas"":3}"\r\n',
  );
});
