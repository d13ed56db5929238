import { columnsOf, KINDS } from '@backstage-k8s/plugin-k8s-common';
import type {
  ColumnSource,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import { CELL_NAMES } from './cells/compileCell';
import { createRowBuilder } from './createRowBuilder';
import type { RowContent } from './createRowBuilder';
import { compileJsonPath } from './jsonPath';

type Loose = Record<string, unknown>;

const withColumns = KINDS.filter(kind => columnsOf(kind));

/** The cells of an object by the ids of its kind's columns. */
function cellsOf(
  type: { group: string; plural: string },
  object: Loose,
): Record<string, unknown> {
  const columns = columnsOf(type) ?? [];
  const { cells } = createRowBuilder(
    type,
    columns,
  )(object as unknown as KubernetesObject);
  return Object.fromEntries(columns.map(({ id }, index) => [id, cells[index]]));
}

describe('the table of columns', () => {
  it.each(KINDS.map(kind => [`${kind.plural}.${kind.group}`, kind] as const))(
    'is right for %s',
    (_, kind) => {
      const columns = columnsOf(kind) ?? [];
      const ids = columns.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, path, cell } of columns) {
        expect(id).toMatch(/^[A-Za-z0-9]{1,64}$/);
        expect(['name', 'namespace', 'health', 'age']).not.toContain(id);
        const isUnderstood =
          cell === undefined
            ? compileJsonPath(path ?? '') !== undefined
            : CELL_NAMES.includes(cell);
        expect(isUnderstood).toBe(true);
      }
    },
  );
});

const pod = (status: Loose, more: Loose = {}) => ({
  metadata: { name: 'p', namespace: 'n' },
  spec: {
    nodeName: 'node-1',
    containers: [
      { name: 'app', image: 'registry.example/App:1' },
      { name: 'mesh', image: 'registry.example/mesh:1' },
    ],
    initContainers: [{ name: 'init', image: 'registry.example/init:1' }],
  },
  status,
  ...more,
});

describe('cells', () => {
  it.each<[string, string, string, Loose, Loose]>([
    [
      'a pod',
      '',
      'pods',
      pod({
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [{ type: 'Initialized', status: 'True' }],
        containerStatuses: [
          { name: 'app', ready: true, restartCount: 0, state: { running: {} } },
          {
            name: 'mesh',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { finishedAt: '2026-01-02T03:04:05Z' } },
          },
        ],
      }),
      {
        ready: '1/2',
        status: 'CrashLoopBackOff',
        restarts: 4,
        node: 'node-1',
        ip: '10.0.0.1',
        lastRestart: '2026-01-02T03:04:05Z',
        containers: ['app', 'mesh'],
        images: ['registry.example/App:1', 'registry.example/mesh:1'],
        qos: null,
      },
    ],
    [
      'a deployment without a status',
      'apps',
      'deployments',
      {
        metadata: { annotations: { 'deployment.kubernetes.io/revision': '7' } },
        spec: { replicas: 3, selector: { matchLabels: { a: 'b' } } },
      },
      {
        ...{ ready: '0/3', upToDate: null, revision: 7 },
        ...{ selector: 'a=b', images: null },
      },
    ],
    [
      'a selector with expressions',
      'apps',
      'deployments',
      {
        metadata: {},
        spec: {
          selector: {
            matchExpressions: [
              { key: 'tier', operator: 'In', values: ['web', 'api'] },
              { key: 'old', operator: 'DoesNotExist' },
            ],
          },
        },
      },
      { selector: 'tier in (web, api), !old' },
    ],
    [
      'a job',
      'batch',
      'jobs',
      {
        metadata: {},
        spec: { completions: 3, template: { spec: { containers: [] } } },
        status: {
          succeeded: 1,
          startTime: '2026-01-01T00:00:00Z',
          completionTime: '2026-01-01T00:03:20Z',
        },
      },
      { completions: '1/3', duration: '3m20s', images: null },
    ],
    [
      'a job that runs: how long is not a fact of the object',
      'batch',
      'jobs',
      { metadata: {}, status: { startTime: '2026-01-01T00:00:00Z' } },
      { completions: '0/1', duration: null },
    ],
    [
      'a cron job',
      'batch',
      'cronjobs',
      {
        metadata: {},
        spec: {
          schedule: '*/5 * * * *',
          jobTemplate: {
            spec: {
              template: { spec: { containers: [{ name: 'c', image: 'i:1' }] } },
            },
          },
        },
        status: { active: [{}, {}], lastScheduleTime: '2026-01-01T00:00:00Z' },
      },
      {
        schedule: '*/5 * * * *',
        suspend: false,
        active: 2,
        lastRun: '2026-01-01T00:00:00Z',
        images: ['i:1'],
      },
    ],
    [
      'a service',
      '',
      'services',
      {
        metadata: {},
        spec: {
          type: 'LoadBalancer',
          clusterIP: '10.1.1.1',
          selector: { app: 'a' },
          ports: [
            { port: 80, nodePort: 30080 },
            { port: 53, protocol: 'UDP' },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
      },
      {
        type: 'LoadBalancer',
        clusterIp: '10.1.1.1',
        externalIp: ['1.2.3.4'],
        ports: ['80:30080/TCP', '53/UDP'],
        selector: 'app=a',
      },
    ],
    [
      'endpoints',
      '',
      'endpoints',
      {
        metadata: {},
        subsets: [
          {
            addresses: [{ ip: '::1' }, { ip: '10.0.0.2' }],
            ports: [{ port: 80 }],
          },
        ],
      },
      { endpoints: ['[::1]:80', '10.0.0.2:80'] },
    ],
    [
      'an ingress',
      'networking.k8s.io',
      'ingresses',
      {
        metadata: {},
        spec: {
          tls: [{}],
          rules: [
            {
              host: 'a.example',
              http: { paths: [{ backend: { service: { name: 'web' } } }] },
            },
          ],
        },
      },
      {
        hosts: ['a.example'],
        ports: '80, 443',
        services: ['web'],
        address: null,
      },
    ],
    [
      'a secret, by the number of its keys',
      '',
      'secrets',
      {
        metadata: {},
        type: 'Opaque',
        data: { user: 'czNjcjN0', password: '' },
      },
      { type: 'Opaque', data: 2 },
    ],
    [
      'an autoscaler',
      'autoscaling',
      'horizontalpodautoscalers',
      {
        metadata: {},
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'web' },
          maxReplicas: 5,
          metrics: [
            {
              type: 'Resource',
              resource: {
                name: 'cpu',
                target: { type: 'Utilization', averageUtilization: 80 },
              },
            },
            {
              type: 'External',
              external: {
                metric: { name: 'queue' },
                target: { type: 'AverageValue', averageValue: '30' },
              },
            },
          ],
        },
        status: {
          currentMetrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', current: { averageUtilization: 42 } },
            },
          ],
        },
      },
      {
        reference: 'Deployment/web',
        targets: ['cpu: 42%/80%', 'queue: ?/30'],
        min: null,
        max: 5,
      },
    ],
    [
      'a claim that has not got what it asked for yet',
      '',
      'persistentvolumeclaims',
      {
        metadata: {},
        spec: {
          accessModes: ['ReadWriteOnce', 'Other'],
          resources: { requests: { storage: '5Gi' } },
        },
        status: { phase: 'Pending' },
      },
      { status: 'Pending', capacity: '5Gi', accessModes: ['RWO', 'Other'] },
    ],
    [
      'a node',
      '',
      'nodes',
      {
        metadata: {
          labels: {
            'node-role.kubernetes.io/worker': '',
            'node-role.kubernetes.io/control-plane': '',
          },
        },
        spec: {
          unschedulable: true,
          taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
        },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          allocatable: { cpu: '4', memory: '16Gi' },
          addresses: [{ type: 'InternalIP', address: '10.0.0.9' }],
        },
      },
      {
        status: 'Ready, SchedulingDisabled',
        roles: ['control-plane', 'worker'],
        cpu: '4',
        internalIp: '10.0.0.9',
        taints: ['gpu=yes:NoSchedule'],
      },
    ],
    [
      'an event',
      '',
      'events',
      {
        metadata: {},
        type: 'Warning',
        reason: 'Failed',
        message: 'no \u001b[31mred\u001b[0m',
        involvedObject: { kind: 'Pod', name: 'p' },
        lastTimestamp: '2026-01-01T00:00:00Z',
        count: 3,
      },
      {
        type: 'Warning',
        object: 'Pod/p',
        message: 'no red',
        count: 3,
        lastSeen: '2026-01-01T00:00:00Z',
      },
    ],
    [
      'a lease',
      'coordination.k8s.io',
      'leases',
      { metadata: {}, spec: { holderIdentity: 'me', renewTime: 'not a time' } },
      { holder: 'me', renewed: null },
    ],
    [
      'a slice',
      'discovery.k8s.io',
      'endpointslices',
      {
        metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints: [
          { addresses: ['10.0.0.1'] },
          { addresses: ['10.0.0.2'], conditions: { ready: false } },
        ],
        ports: [{ port: 8080 }],
      },
      {
        endpoints: ['10.0.0.1', '10.0.0.2'],
        ready: '1/2',
        ports: ['8080/TCP'],
        service: 'web',
      },
    ],
  ])('of %s', (_, group, plural, object, expected) => {
    expect(cellsOf({ group, plural }, object)).toMatchObject(expected);
  });

  it('of columns that are not understood are empty', () => {
    const columns: ColumnSource[] = [
      { id: 'a', title: 'A', type: 'text', path: '..deep' },
      { id: 'b', title: 'B', type: 'text', cell: 'noSuchCell' },
      { id: 'c', title: 'C', type: 'text' },
    ];
    const build = createRowBuilder(
      { group: 'x.example', plural: 'xs' },
      columns,
    );
    expect(build({ metadata: {} }).cells).toEqual([null, null, null]);
  });

  it.each<[ColumnSource['type'], unknown, unknown]>([
    ['text', 'a', 'a'],
    ['text', '', null],
    ['text', 7, '7'],
    ['text', false, 'false'],
    ['text', { a: 1 }, '{"a":1}'],
    ['text', ['a', 'b'], '["a","b"]'],
    ['number', 7, 7],
    ['number', '7', null],
    ['boolean', true, true],
    ['boolean', 'true', null],
    ['date', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['date', 'soon', null],
    ['quantity', '1Gi', '1Gi'],
    ['quantity', 2, '2'],
    ['quantity', 'much', null],
    ['list', ['a', 2, null], ['a', '2']],
    ['list', 'a', ['a']],
    ['list', [], null],
  ])('as %s show %j as %j', (type, value, expected) => {
    const build = createRowBuilder({ group: 'x.example', plural: 'xs' }, [
      { id: 'a', title: 'A', type, path: '.spec.a' },
    ]);
    const object = { metadata: {}, spec: { a: value } };
    expect(build(object).cells).toEqual([expected]);
  });

  it('are inert and bounded, whatever an object holds', () => {
    const columns: ColumnSource[] = [
      { id: 'a', title: 'A', type: 'text', path: '.spec.a' },
      { id: 'b', title: 'B', type: 'list', path: '.spec.b' },
    ];
    const build = createRowBuilder(
      { group: 'x.example', plural: 'xs' },
      columns,
    );
    const { cells } = build({
      metadata: {},
      spec: {
        a: `\u202e\u001b]0;x\u0007${'a'.repeat(1_500_000)}`,
        b: Array.from({ length: 5000 }, () => 'b'.repeat(10_000)),
      },
    });
    const [text, list] = cells as [string, string[]];
    expect(text.length).toBeLessThanOrEqual(512);
    expect(text).toMatch(/^a+…$/);
    expect(list).toHaveLength(65);
    expect(list.at(-1)).toBe('+4936');
    expect(Math.max(...list.map(({ length }) => length))).toBe(512);
  });
});

it('finds by images and by texts of cells, in lower case', () => {
  const type = { group: '', plural: 'pods' };
  const build = createRowBuilder(type, columnsOf(type) ?? []);
  const { search } = build(
    pod({ podIP: '10.0.0.1' }) as unknown as KubernetesObject,
  );
  for (const part of ['app:1', 'init:1', '10.0.0.1', 'node-1']) {
    expect(search).toContain(part);
  }
  expect(search).toBe(search?.toLowerCase());
});

/** Values that no API server should send, in every place. */
const ODD: unknown[] = [
  null,
  undefined,
  7,
  'text',
  true,
  [],
  [null],
  ['x'],
  [[[]]],
  {},
  { a: null },
  [{ type: 7 }],
  [{ name: null, state: 'x' }],
];

function* oddObjects(): Generator<Loose> {
  for (const odd of ODD) {
    yield { metadata: {}, spec: odd, status: odd };
    yield {
      metadata: {
        labels: odd,
        annotations: odd,
        ownerReferences: odd,
        finalizers: odd,
        deletionTimestamp: odd,
        generation: odd,
      },
    };
    for (const inner of ODD) {
      const fields = Object.fromEntries(
        [
          ...['containers', 'template', 'selector', 'ports', 'rules', 'tls'],
          ...['conditions', 'containerStatuses', 'initContainerStatuses'],
          ...['loadBalancer', 'addresses', 'taints', 'accessModes', 'metrics'],
          ...['versions', 'parents', 'listeners', 'replicas', 'phase'],
          ...['active', 'observedGeneration', 'currentMetrics', 'hard', 'used'],
          ...['updateStrategy', 'jobTemplate', 'scaleTargetRef'],
        ].map(name => [name, inner]),
      );
      yield {
        metadata: { name: 'a', generation: 2 },
        ...{ spec: fields, status: fields, data: inner, subsets: inner },
        ...{ endpoints: inner, ports: inner, webhooks: inner, rules: inner },
        ...{ subjects: inner, roleRef: inner, involvedObject: inner },
        ...{ series: inner, containers: inner, usage: inner },
      };
    }
  }
}

it.each(
  [...withColumns, ...KINDS, { group: 'x.example', plural: 'xs' }].map(
    type => [`${type.plural}.${type.group}`, type] as const,
  ),
)('a row comes of whatever %s hold', (_, type) => {
  const columns = columnsOf(type) ?? [];
  const build = createRowBuilder(type, columns);
  for (const object of oddObjects()) {
    const row: RowContent = build(object as unknown as KubernetesObject);
    expect(row.cells).toHaveLength(columns.length);
    expect(row.health.state).toMatch(
      /^(healthy|progressing|degraded|suspended|unknown)$/,
    );
    row.cells.forEach((cell, index) => {
      if (cell === null) return;
      const { type: shown } = columns[index];
      const found = Array.isArray(cell) ? 'list' : typeof cell;
      const expected = { list: 'list', number: 'number', boolean: 'boolean' };
      expect(found).toBe(
        shown in expected ? expected[shown as keyof typeof expected] : 'string',
      );
    });
  }
});
