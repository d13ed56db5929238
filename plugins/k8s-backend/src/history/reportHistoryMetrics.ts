import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { HistoryRecorder } from './HistoryRecorder';

/** Reports how the recording of changes goes. */
export function reportHistoryMetrics(options: {
  history: Pick<HistoryRecorder, 'status'>;
  metrics: MetricsService;
}): void {
  const { history, metrics } = options;
  const unit = '{change}';
  metrics
    .createObservableCounter('k8s.history.recorded', {
      description: 'Changes of objects that were kept',
      unit,
    })
    .addCallback(result => result.observe(history.status().recorded));
  metrics
    .createObservableCounter('k8s.history.dropped', {
      description: 'Changes of objects that were too many to be kept',
      unit,
    })
    .addCallback(result => result.observe(history.status().dropped));
  metrics
    .createObservableGauge('k8s.history.waiting', {
      description: 'Changes of objects that wait for the database',
      unit,
    })
    .addCallback(result => result.observe(history.status().waiting));
}
