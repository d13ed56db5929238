import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { CachedKindRow } from './CacheRow';

const TONES = { live: 'good', syncing: 'progress', stale: 'away' } as const;

/** How fresh a cache is and, where it is not, why. */
export function CacheStateLabel(props: {
  state: CachedKindRow['state'];
  message?: string;
}) {
  const { state, message } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const words = t(`cache.states.${state}`);
  const text = message ? `${words}: ${message}` : words;
  return (
    <StatusLabel tone={TONES[state]} title={text}>
      {text}
    </StatusLabel>
  );
}
