import { mockServices } from '@backstage/backend-test-utils';
import { readCollatorConfig } from './readCollatorConfig';

const read = (k8s?: object) =>
  readCollatorConfig(
    mockServices.rootConfig({ data: { search: { collators: { k8s } } } }),
  );

it('indexes what people look for by name when nothing is said', () => {
  const { kinds, basePath, schedule } = read();
  expect(kinds.map(({ plural }) => plural)).toEqual([
    ...['deployments', 'statefulsets', 'daemonsets', 'cronjobs'],
    ...['services', 'ingresses', 'namespaces'],
  ]);
  expect(basePath).toBe('/k8s');
  expect(schedule).toMatchObject({ frequency: { minutes: 10 } });
});

it('takes kinds, schedule and path', () => {
  expect(
    read({
      kinds: ['pods', 'rollouts.argoproj.io'],
      basePath: '/clusters/',
      schedule: { frequency: { hours: 1 }, timeout: { minutes: 5 } },
    }),
  ).toEqual({
    kinds: [
      { group: '', plural: 'pods' },
      { group: 'argoproj.io', plural: 'rollouts' },
    ],
    basePath: '/clusters',
    schedule: { frequency: { hours: 1 }, timeout: { minutes: 5 } },
  });
});

it.each([
  [{ kinds: ['secrets'] }, /Secrets/],
  [{ kinds: ['services', 'secrets.'] }, /Secrets/],
  [{ kinds: ['Deployment'] }, /no kind/],
  [{ kinds: ['apps/deployments'] }, /no kind/],
  [{ kinds: 'services' }, /kinds/],
  [{ schedule: { frequency: 'often' } }, /frequency|timeout/],
])('refuses %j', (config, message) => {
  expect(() => read(config)).toThrow(message);
});
