import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { kindsOfPlace, placeOf } from './kindPlaces';

const kindOf = (
  group: string,
  plural: string,
  part: Partial<Kind> = {},
): Kind => ({
  group,
  plural,
  kind: plural,
  version: 'v1',
  versions: ['v1'],
  namespaced: true,
  category: 'custom',
  custom: false,
  verbs: ['list', 'watch'],
  shortNames: [],
  actions: [],
  columns: [],
  ...part,
});

describe('placeOf', () => {
  it.each<[string, string, Partial<Kind>, string | undefined]>([
    ['', 'pods', { category: 'workload' }, 'workloads'],
    ['', 'events', { category: 'workload' }, undefined],
    ['', 'namespaces', { category: 'namespace' }, undefined],
    ['', 'persistentvolumes', { category: 'cluster' }, 'storage'],
    ['networking.k8s.io', 'networkpolicies', { category: 'policy' }, 'network'],
    ['', 'limitranges', { category: 'policy' }, 'configuration'],
    ['', 'serviceaccounts', { category: 'access' }, 'access'],
    ['', 'nodes', { category: 'cluster' }, 'nodes'],
    // Custom resources are among themselves, whatever they are about.
    ['kyverno.io', 'policies', { category: 'policy', custom: true }, 'custom'],
    ['example.org', 'widgets', { category: 'custom', custom: true }, 'custom'],
    // But what everybody looks for elsewhere.
    ['gateway.networking.k8s.io', 'httproutes', { custom: true }, 'network'],
    // What nobody has heard of has a place too.
    ['new.k8s.io', 'things', { category: 'cluster' }, 'custom'],
  ])('%s/%s', (group, plural, part, place) => {
    expect(placeOf(kindOf(group, plural, part))).toBe(place);
  });
});

it('puts first what is looked for most, and leaves out what cannot be listed', () => {
  const workload = { category: 'workload' } as const;
  const kinds = [
    kindOf('apps', 'controllerrevisions', workload),
    kindOf('apps', 'deployments', workload),
    kindOf('', 'bindings', { ...workload, verbs: ['create'] }),
    kindOf('', 'pods', workload),
    kindOf('', 'services', { category: 'network' }),
  ];
  expect(kindsOfPlace(kinds, 'workloads').map(({ plural }) => plural)).toEqual([
    'pods',
    'deployments',
    'controllerrevisions',
  ]);
});
