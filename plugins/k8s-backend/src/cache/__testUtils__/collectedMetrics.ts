import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import type {
  MetricsService,
  MetricsServiceObservableCallback,
} from '@backstage/backend-plugin-api/alpha';

/** One value that was observed. */
type Observed = [value: number, attributes?: object];

/** A service that keeps what is created, and `collect`, which asks all of it as a collector does. */
export function collectedMetrics() {
  const callbacks = new Map<
    string,
    { type: 'counter' | 'gauge'; callback: MetricsServiceObservableCallback }
  >();
  const observable = (type: 'counter' | 'gauge') => (name: string) => ({
    addCallback: (callback: MetricsServiceObservableCallback) =>
      void callbacks.set(name, { type, callback }),
    removeCallback: () => {},
  });
  const metrics: MetricsService = metricsServiceMock.mock({
    createObservableCounter: observable('counter'),
    createObservableGauge: observable('gauge'),
  });
  /** Type and values by name. */
  async function collect(): Promise<
    Record<string, ['counter' | 'gauge', ...Observed[]]>
  > {
    const collected: Record<string, ['counter' | 'gauge', ...Observed[]]> = {};
    for (const [name, { type, callback }] of callbacks) {
      const observed: Observed[] = [];
      await callback({ observe: (...one) => void observed.push(one) });
      collected[name] = [type, ...observed];
    }
    return collected;
  }
  return { metrics, collect };
}
