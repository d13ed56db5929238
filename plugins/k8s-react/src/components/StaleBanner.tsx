import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type { CacheState } from '../stream/StreamEvent';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { RelativeTime } from './RelativeTime';

/** Says that what is shown is not how it is now, with its age and why; nothing while it is live. @public */
export function StaleBanner(props: { cache?: CacheState; cluster?: string }) {
  const { cache, cluster } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  if (!cache || cache.state === 'live') return null;
  if (cache.state === 'syncing') {
    return (
      <Alert role="status" status="info" isPending title={t('stale.syncing')} />
    );
  }
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={
        <>
          {cluster ? t('stale.cluster', { cluster }) : t('stale.plain')}{' '}
          <RelativeTime at={cache.asOf} />.
        </>
      }
      description={cache.message}
    />
  );
}
