import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { StatusLabel } from './StatusLabel';
import type { StatusTone } from './StatusLabel';

const TONES: Record<Schema<'HealthStatus'>, StatusTone> = {
  healthy: 'good',
  degraded: 'warning',
  unhealthy: 'bad',
  unreachable: 'away',
  unknown: 'neutral',
};

/** The tone of a health status. @public */
export function healthTone(status: Schema<'HealthStatus'>): StatusTone {
  return TONES[status];
}

/** The health of a cluster or of a part of it. @public */
export function HealthLabel(props: {
  status: Schema<'HealthStatus'>;
  /** It was so when it was last seen; nobody knows how it is. */
  isPast?: boolean;
}) {
  const { status, isPast } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const words = t(`status.${status}`);
  return (
    <StatusLabel tone={isPast ? 'neutral' : TONES[status]}>
      {isPast ? t('past', { words }) : words}
    </StatusLabel>
  );
}
