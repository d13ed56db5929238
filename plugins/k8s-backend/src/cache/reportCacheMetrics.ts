import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { CacheStatus, KindStatus } from './CacheStatus';

/** What is measured of each kind in each cluster; `total`: it only grows. */
const METRICS: readonly {
  name: string;
  description: string;
  unit: string;
  total?: boolean;
  value: (kind: KindStatus) => number | undefined;
}[] = [
  {
    name: 'k8s.cache.objects',
    description: 'Objects in the cache',
    unit: '{object}',
    value: ({ objects }) => objects,
  },
  {
    name: 'k8s.cache.packed',
    description: 'Size of the packed objects',
    unit: 'By',
    value: ({ packedBytes }) => packedBytes,
  },
  {
    name: 'k8s.cache.lag',
    description: 'Time since the cache was last known to be true',
    unit: 's',
    value: ({ lagMs }) => (lagMs === undefined ? undefined : lagMs / 1000),
  },
  {
    name: 'k8s.cache.subscribers',
    description: 'Readers that are told of changes',
    unit: '{reader}',
    value: ({ subscribers }) => subscribers,
  },
  {
    name: 'k8s.cache.lists',
    description: 'Complete lists that were read, the first included',
    unit: '{list}',
    total: true,
    value: ({ lists }) => lists,
  },
  {
    name: 'k8s.cache.errors',
    description: 'Failed attempts to list or watch',
    unit: '{attempt}',
    total: true,
    value: ({ errors }) => errors,
  },
  {
    name: 'k8s.cache.garbage',
    description: 'Lines or lists that were not what the protocol allows',
    unit: '{line}',
    total: true,
    value: ({ garbage }) => garbage,
  },
  {
    name: 'k8s.cache.changes',
    description: 'Changes that were taken in',
    unit: '{change}',
    total: true,
    value: ({ changes }) => changes,
  },
];

/** Metrics are read one after the other: one look serves them all. */
const LOOK_MS = 1_000;

/** Reports how the cache is, per cluster and kind, whenever somebody collects the portal's metrics. */
export function reportCacheMetrics(options: {
  cache: CacheStatus;
  metrics: MetricsService;
  logger: LoggerService;
}): void {
  const { cache, metrics, logger } = options;
  let look: { at: number; kinds: Promise<KindStatus[]> } | undefined;
  const kindsNow = () => {
    if (!look || Date.now() - look.at > LOOK_MS) {
      look = { at: Date.now(), kinds: cache.kinds() };
    }
    return look.kinds;
  };
  for (const { name, description, unit, total, value } of METRICS) {
    const observable = total
      ? metrics.createObservableCounter(name, { description, unit })
      : metrics.createObservableGauge(name, { description, unit });
    observable.addCallback(async result => {
      try {
        for (const kind of await kindsNow()) {
          const measured = value(kind);
          if (measured === undefined) continue;
          const { cluster, group, plural } = kind;
          result.observe(measured, { cluster, group, plural });
        }
      } catch (error) {
        logger.debug('The cache cannot be measured now', {
          error: String(error),
        });
      }
    });
  }
}
