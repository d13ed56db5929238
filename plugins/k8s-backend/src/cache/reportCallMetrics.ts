import type { LoggerService } from '@backstage/backend-plugin-api';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { ClusterCalls } from '../connection/CallCounter';
import type { CacheStatus } from './CacheStatus';
import { sumCalls } from './sumCalls';

/** Reports how many requests were sent to each API server. */
export function reportCallMetrics(options: {
  cache: CacheStatus;
  /** Requests besides those of the cache. */
  calls: () => ClusterCalls[];
  metrics: MetricsService;
  logger: LoggerService;
}): void {
  const { cache, calls, metrics, logger } = options;
  metrics
    .createObservableCounter('k8s.cluster.requests', {
      description: 'Requests to the API server',
      unit: '{request}',
    })
    .addCallback(async result => {
      try {
        for (const count of sumCalls(calls(), await cache.calls())) {
          result.observe(count.calls, { cluster: count.cluster });
        }
      } catch (error) {
        logger.debug('Requests cannot be counted now', {
          error: String(error),
        });
      }
    });
}
