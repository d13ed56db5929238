/** What a collector of the portal's metrics is told of the cache, of requests and of the history. */
import { mockServices } from '@backstage/backend-test-utils';
import type { HistoryStatus } from '../history/HistoryRecorder';
import { reportHistoryMetrics } from '../history/reportHistoryMetrics';
import { collectedMetrics } from './__testUtils__/collectedMetrics';
import type { CacheStatus, KindStatus } from './CacheStatus';
import { reportCacheMetrics } from './reportCacheMetrics';
import { reportCallMetrics } from './reportCallMetrics';

const KIND: KindStatus = {
  ...{ cluster: 'c1', group: 'apps', version: 'v1', plural: 'deployments' },
  ...{ state: 'live', objects: 5, packedBytes: 60, memoryBytes: 70 },
  ...{ keeps: 'objects', subscribers: 8, lagMs: 9_000, lists: 10 },
  ...{ resets: 11, errors: 12, garbage: 13, changes: 14 },
};
const NEW: KindStatus = {
  ...KIND,
  ...{ plural: 'daemonsets', keeps: 'rows', lagMs: undefined },
};
const MEMORY = {
  ...{ ceilingBytes: 100, usedBytes: 50 },
  ...{ droppedBodies: 3, droppedKinds: 4 },
};

function statusOf(kinds: () => Promise<KindStatus[]>): CacheStatus {
  return {
    kinds,
    calls: async () => [{ cluster: 'c1', calls: 7, callsPerMinute: 1 }],
    memory: async () => MEMORY,
  };
}

describe('reportCacheMetrics', () => {
  it('tells of each kind what the page of the cache shows, and of all what it holds', async () => {
    const { metrics, collect } = collectedMetrics();
    const kinds = jest.fn(async () => [KIND, NEW]);
    const logger = mockServices.logger.mock();
    reportCacheMetrics({ cache: statusOf(kinds), metrics, logger });
    const one = { cluster: 'c1', group: 'apps', plural: 'deployments' };
    const other = { ...one, plural: 'daemonsets' };
    const both = (value: number) => [
      [value, one],
      [value, other],
    ];
    expect(await collect()).toEqual({
      'k8s.cache.memory.ceiling': ['gauge', [100]],
      'k8s.cache.memory.used': ['gauge', [50]],
      'k8s.cache.memory.dropped.bodies': ['counter', [3]],
      'k8s.cache.memory.dropped.kinds': ['counter', [4]],
      'k8s.cache.objects': ['gauge', ...both(5)],
      'k8s.cache.packed': ['gauge', ...both(60)],
      'k8s.cache.memory': ['gauge', ...both(70)],
      'k8s.cache.kept': [
        'gauge',
        [1, { ...one, keeps: 'objects' }],
        [1, { ...other, keeps: 'rows' }],
      ],
      // In seconds; of what was never true there is none.
      'k8s.cache.lag': ['gauge', [9, one]],
      'k8s.cache.subscribers': ['gauge', ...both(8)],
      'k8s.cache.lists': ['counter', ...both(10)],
      'k8s.cache.resets': ['counter', ...both(11)],
      'k8s.cache.errors': ['counter', ...both(12)],
      'k8s.cache.garbage': ['counter', ...both(13)],
      'k8s.cache.changes': ['counter', ...both(14)],
    });
    expect(kinds).toHaveBeenCalledTimes(1);
    expect(logger.debug).not.toHaveBeenCalled();
  });

  it('does not fail a collection while the cache cannot tell', async () => {
    const { metrics, collect } = collectedMetrics();
    const logger = mockServices.logger.mock();
    const kinds = async () => {
      throw new Error('It is being started');
    };
    reportCacheMetrics({ cache: statusOf(kinds), metrics, logger });
    const { 'k8s.cache.objects': objects, 'k8s.cache.memory.used': used } =
      await collect();
    expect([objects, used]).toEqual([['gauge'], ['gauge', [50]]]);
    expect(logger.debug).toHaveBeenCalled();
  });
});

describe('reportCallMetrics', () => {
  const cache = statusOf(async () => []);
  const calls = () => [
    { cluster: 'c1', calls: 2, callsPerMinute: 2 },
    { cluster: 'c2', calls: 3, callsPerMinute: 3 },
  ];

  it('tells of each cluster all requests, whichever thread sent them', async () => {
    const { metrics, collect } = collectedMetrics();
    const logger = mockServices.logger.mock();
    reportCallMetrics({ cache, calls, metrics, logger });
    expect(await collect()).toEqual({
      'k8s.cluster.requests': [
        ...['counter', [9, { cluster: 'c1' }], [3, { cluster: 'c2' }]],
      ],
    });
  });

  it('does not fail a collection while a thread cannot tell', async () => {
    const { metrics, collect } = collectedMetrics();
    const logger = mockServices.logger.mock();
    const broken: CacheStatus = {
      ...cache,
      calls: async () => {
        throw new Error('It is being started');
      },
    };
    reportCallMetrics({ cache: broken, calls, metrics, logger });
    expect(await collect()).toEqual({ 'k8s.cluster.requests': ['counter'] });
    expect(logger.debug).toHaveBeenCalledTimes(1);
  });
});

describe('reportHistoryMetrics', () => {
  it('tells what was kept, what was not, and what waits', async () => {
    const { metrics, collect } = collectedMetrics();
    let status: HistoryStatus = { recorded: 1, dropped: 2, waiting: 3 };
    reportHistoryMetrics({ history: { status: () => status }, metrics });
    status = { recorded: 4, dropped: 5, waiting: 0 };
    expect(await collect()).toEqual({
      'k8s.history.recorded': ['counter', [4]],
      'k8s.history.dropped': ['counter', [5]],
      'k8s.history.waiting': ['gauge', [0]],
    });
  });
});
