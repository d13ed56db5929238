import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { StatusLabel } from './StatusLabel';
import type { StatusTone } from './StatusLabel';

type Health = Schema<'ResourceHealth'>;

const TONES: Record<Health['state'], StatusTone> = {
  healthy: 'good',
  progressing: 'progress',
  degraded: 'bad',
  suspended: 'paused',
  unknown: 'neutral',
};

/** The tone of an object's health. @public */
export function resourceHealthTone(health: Health): StatusTone {
  return TONES[health.state];
}

/** How an object is doing: Kubernetes' word where there is one, and why not well. @public */
export function ResourceHealthLabel(props: {
  health: Health;
  /** Its deletion has begun. */
  deleting?: boolean;
  /** Whether the reason is said beside the word; else on hover only. */
  withReason?: boolean;
  wrap?: boolean;
}) {
  const { health, deleting, withReason, wrap } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  // Of many kinds there is nothing to know.
  if (health.state === 'unknown' && !health.word && !deleting) {
    return <span title={health.reason ?? t('health.unknown')}>–</span>;
  }
  const word = deleting
    ? t('health.deleting')
    : health.word ?? t(`health.${health.state}`);
  const words = [word, withReason && health.reason].filter(Boolean).join(' · ');
  const title = [word, health.reason].filter(Boolean).join(': ');
  return (
    <StatusLabel
      tone={deleting ? 'progress' : TONES[health.state]}
      title={title}
      wrap={wrap}
    >
      {words}
    </StatusLabel>
  );
}
