import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';
import { HistoryFollower } from './HistoryFollower';

const DEPLOYMENTS = { group: 'apps', plural: 'deployments' };
const ROLLOUTS = { group: 'argoproj.io', plural: 'rollouts' };
const QUARTER_MS = 15 * 60_000;

function setUp() {
  const touched: string[] = [];
  const served = new Set(['c1 deployments', 'c1 rollouts', 'c2 deployments']);
  const away = new Set<string>();
  const logger = mockServices.logger.mock();
  const seen = { clusters: ['c1', 'c2'], now: 0 };
  const unwatched = new Set<string>();
  const find = jest.fn(
    async (cluster: string, { plural }: { plural: string }) => {
      if (away.has(cluster)) throw new ServiceUnavailableError('It is away');
      if (!served.has(`${cluster} ${plural}`)) throw new NotFoundError('None');
      const version = plural === 'rollouts' ? 'v1alpha1' : 'v1';
      const verbs = unwatched.has(plural) ? ['list'] : ['list', 'watch'];
      return { version, verbs } as KindDescription;
    },
  );
  const follower = new HistoryFollower({
    kinds: [DEPLOYMENTS, ROLLOUTS],
    cache: {
      touch: async ({ cluster, version, plural }) =>
        void touched.push(`${cluster} ${plural} ${version}`),
    },
    directory: { find },
    clusters: async () => seen.clusters.map(id => ({ id })),
    logger,
    now: () => seen.now,
  });
  const follow = async (signal = new AbortController().signal) => {
    touched.length = 0;
    await follower.follow({ signal });
    return [...touched].sort();
  };
  return { follow, find, served, unwatched, away, seen, logger };
}

const ALL = ['c1 deployments v1', 'c1 rollouts v1alpha1', 'c2 deployments v1'];

describe('HistoryFollower', () => {
  it('touches what each cluster serves, and asks for what it does not serve once in a quarter of an hour', async () => {
    const { follow, served, seen } = setUp();
    expect(await follow()).toEqual(ALL);
    expect(await follow()).toEqual(ALL);
    served.delete('c1 rollouts');
    served.add('c2 rollouts');
    const left = ['c1 deployments v1', 'c2 deployments v1'];
    expect(await follow()).toEqual(left);
    seen.now += QUARTER_MS;
    expect(await follow()).toEqual([
      ...['c1 deployments v1', 'c2 deployments v1', 'c2 rollouts v1alpha1'],
    ]);
  });

  it('passes over a cluster that never answered, and does not give up one that did', async () => {
    const { follow, away, seen } = setUp();
    away.add('c1');
    expect(await follow()).toEqual(['c2 deployments v1']);
    away.clear();
    expect(await follow()).toEqual(ALL);
    seen.now += QUARTER_MS;
    away.add('c1');
    expect(await follow()).toEqual(ALL);
  });

  it('forgets a cluster that is not registered any more', async () => {
    const { follow, find, seen } = setUp();
    await follow();
    seen.clusters = ['c2'];
    expect(await follow()).toEqual(['c2 deployments v1']);
    seen.clusters = ['c1', 'c2'];
    expect(await follow()).toEqual(ALL);
    const ofBoth = find.mock.calls.filter(([cluster]) => cluster === 'c1');
    // Nothing was remembered: both kinds are asked for.
    expect(ofBoth).toHaveLength(4);
  });

  it('leaves alone what a cluster tells no changes of', async () => {
    const { follow, unwatched } = setUp();
    unwatched.add('rollouts');
    expect(await follow()).toEqual(['c1 deployments v1', 'c2 deployments v1']);
  });

  it('warns once of a kind that no cluster serves, when all have told', async () => {
    const { follow, served, away, logger } = setUp();
    served.delete('c1 rollouts');
    away.add('c2');
    await follow();
    expect(logger.warn).not.toHaveBeenCalled();
    away.clear();
    await follow();
    await follow();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('k8s.history.kinds'),
      ROLLOUTS,
    );
  });

  it('ends with its signal', async () => {
    const { follow, away } = setUp();
    away.add('c1');
    await expect(follow(AbortSignal.abort(new Error('Over')))).rejects.toThrow(
      'Over',
    );
  });
});
