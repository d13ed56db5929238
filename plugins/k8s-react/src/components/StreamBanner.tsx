import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { useSyncExternalStore } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { useRelativeTime } from '../format/useRelativeTime';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';

function DownBanner({ since }: { since: number }) {
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const time = useRelativeTime(since, 'duration');
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('stream.down', { time })}
    />
  );
}

/** Says, at the top of a page, that changes do not arrive; nothing while they do. @public */
export function StreamBanner() {
  const { streamState } = useApi(k8sApiRef);
  const state = useSyncExternalStore(streamState.subscribe, streamState.get);
  return state.state === 'down' ? <DownBanner since={state.since} /> : null;
}
