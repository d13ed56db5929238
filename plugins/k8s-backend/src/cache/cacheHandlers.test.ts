import type { AccessControl } from '../access/AccessControl';
import { requestContext } from '../router/__testUtils__/requestContext';
import { cacheHandlers } from './cacheHandlers';
import type { CacheStatus, KindStatus } from './CacheStatus';

const cluster = (id: string) => ({ id, name: `dev-${id}`, labels: {} });

const podsOf = (id: string): KindStatus => ({
  ...{ cluster: id, group: '', version: 'v1', plural: 'pods', state: 'live' },
  ...{ objects: 1, packedBytes: 1, memoryBytes: 1, keeps: 'objects' },
  ...{ subscribers: 0, lists: 1, resets: 0, errors: 0, garbage: 0 },
  changes: 0,
});

/** What somebody is told who sees `eu` and `us`, of three clusters, and may change some. */
function status(access: { every?: boolean; some?: string[] }) {
  const { every = false, some = [] } = access;
  const cache: CacheStatus = {
    kinds: async () => ['eu', 'us', 'hidden'].map(podsOf),
    calls: async () => [],
    memory: async () => ({
      ...{ ceilingBytes: 100, usedBytes: 10 },
      ...{ droppedBodies: 1, droppedKinds: 0 },
    }),
  };
  const { getCacheStatus } = cacheHandlers({
    cache,
    calls: () =>
      ['eu', 'us', 'hidden'].map(id => ({
        ...{ cluster: id, calls: 2, callsPerMinute: 1 },
      })),
    history: () => ({ recorded: 5, dropped: 0, waiting: 0 }),
    access: {
      allowsEveryCluster: async permission =>
        every && permission.name === 'k8s.cluster.update',
      allowsCluster: async (permission, { name }) =>
        permission.name === 'k8s.cluster.update' &&
        (every || some.includes(name)),
    } as Partial<AccessControl> as AccessControl,
    clusters: {
      get: async id => cluster(id),
      list: async () => [cluster('eu'), cluster('us')],
    },
  });
  return getCacheStatus({
    ...{ context: requestContext(), path: {}, query: {} },
    body: undefined as never,
  });
}

const clustersIn = (rows: readonly { cluster: string }[]) =>
  rows.map(row => row.cluster);

describe('getCacheStatus', () => {
  it('gives who administers every cluster the totals of all', async () => {
    const answer = await status({ every: true });
    expect(clustersIn(answer.kinds)).toEqual(['eu', 'us']);
    expect(answer.history).toMatchObject({ recorded: 5 });
    expect(answer.memory).toMatchObject({ usedBytes: 10 });
    expect(answer.process?.memoryBytes).toBeGreaterThan(0);
  });

  it('gives who administers one cluster that one, and no totals of others', async () => {
    const answer = await status({ some: ['dev-eu'] });
    expect(clustersIn(answer.kinds)).toEqual(['eu']);
    expect(clustersIn(answer.clusters)).toEqual(['eu']);
    expect(Object.keys(answer).sort()).toEqual(['clusters', 'kinds']);
  });

  it('gives who administers none nothing', async () => {
    expect(await status({})).toEqual({ kinds: [], clusters: [] });
  });
});
