import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { CacheStatus, KindStatus } from './CacheStatus';
import type { CacheMemory } from './memory/MemoryLedger';

interface MetricName {
  name: string;
  description: string;
  unit: string;
  /** It only grows. */
  total?: boolean;
}

/** What is measured of each kind in each cluster. */
const METRICS: readonly (MetricName & {
  value: (kind: KindStatus) => number | undefined;
  /** Besides which kind and cluster it is of. */
  attributes?: (kind: KindStatus) => Record<string, string>;
})[] = [
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
    name: 'k8s.cache.memory',
    description: 'What the rows and objects take, about',
    unit: 'By',
    value: ({ memoryBytes }) => memoryBytes,
  },
  {
    name: 'k8s.cache.kept',
    description:
      'Always 1; its attribute keeps says what of the kind is kept: objects, rows or nothing',
    unit: '1',
    value: () => 1,
    attributes: ({ keeps }) => ({ keeps }),
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
    name: 'k8s.cache.resets',
    description:
      "Of these, lists that were read because the cluster's versions had gone backwards",
    unit: '{list}',
    total: true,
    value: ({ resets }) => resets,
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

/** What is measured of the cache as a whole. */
const TOTALS: readonly (MetricName & {
  value: (memory: CacheMemory) => number;
})[] = [
  {
    name: 'k8s.cache.memory.ceiling',
    description: 'What the cache may hold',
    unit: 'By',
    value: ({ ceilingBytes }) => ceilingBytes,
  },
  {
    name: 'k8s.cache.memory.used',
    description: 'What the cache holds, of what it may hold',
    unit: 'By',
    value: ({ usedBytes }) => usedBytes,
  },
  {
    name: 'k8s.cache.memory.dropped.bodies',
    description: 'Times that the objects of a kind were let go of',
    unit: '{time}',
    total: true,
    value: ({ droppedBodies }) => droppedBodies,
  },
  {
    name: 'k8s.cache.memory.dropped.kinds',
    description: 'Times that a kind was let go of altogether',
    unit: '{time}',
    total: true,
    value: ({ droppedKinds }) => droppedKinds,
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
  const observableOf = ({ name, total, description, unit }: MetricName) =>
    total
      ? metrics.createObservableCounter(name, { description, unit })
      : metrics.createObservableGauge(name, { description, unit });
  for (const { value, ...metric } of TOTALS) {
    observableOf(metric).addCallback(async result => {
      result.observe(value(await cache.memory()));
    });
  }
  for (const { value, attributes, ...metric } of METRICS) {
    const observable = observableOf(metric);
    observable.addCallback(async result => {
      try {
        for (const kind of await kindsNow()) {
          const measured = value(kind);
          if (measured === undefined) continue;
          const { cluster, group, plural } = kind;
          result.observe(measured, {
            ...{ cluster, group, plural },
            ...attributes?.(kind),
          });
        }
      } catch (error) {
        logger.debug('The cache cannot be measured now', {
          error: String(error),
        });
      }
    });
  }
}
