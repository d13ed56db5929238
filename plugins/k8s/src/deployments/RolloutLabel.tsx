import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime, StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const TONES = {
  complete: 'good',
  progressing: 'progress',
  stuck: 'bad',
  paused: 'paused',
  scaledDown: 'neutral',
} as const;

/** How far a rollout is, and where it is stuck, why. */
export function RolloutLabel(props: {
  rollout: Schema<'Rollout'>;
  /** How fresh it is: what is stale is not shown as being well. */
  cache?: Schema<'CacheState'>;
}) {
  const { state, reason, since } = props.rollout;
  const { cache } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  if (cache?.state === 'stale') {
    return (
      <StatusLabel tone="away" title={cache.message}>
        <RelativeTime at={cache.asOf} />: {t(`rollout.${state}`)}
        {reason && `: ${reason}`}
      </StatusLabel>
    );
  }
  return (
    <StatusLabel tone={TONES[state]} title={reason}>
      {t(`rollout.${state}`)}
      {state !== 'complete' && since && (
        <>
          {' '}
          <RelativeTime at={since} format="duration" />
        </>
      )}
      {reason && `: ${reason}`}
    </StatusLabel>
  );
}
