import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime, StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { SearchAnswer } from './useSearch';
import { useSearchStyles } from './useSearchStyles';

/** Whether something of what was found may be old or missing. */
export function isPartly({ clusters, errors }: SearchAnswer): boolean {
  return (
    errors.length > 0 || clusters.some(({ cache }) => cache.state !== 'live')
  );
}

/** Which clusters are old, still being read or silent, and since when; nothing while all of them are live. */
export function PartlyNotice({ answer }: { answer: SearchAnswer }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchStyles();
  if (!isPartly(answer)) return null;
  const { clusters, errors } = answer;
  const syncing = clusters.filter(({ cache }) => cache.state === 'syncing');
  const isSyncing = (id: string) => syncing.some(one => one.id === id);
  const failed = errors.filter(({ cluster }) => !isSyncing(cluster.id));
  const isFailed = (id: string) =>
    failed.some(({ cluster }) => cluster.id === id);
  const stale = clusters.filter(
    ({ id, cache }) => cache.state === 'stale' && !isFailed(id),
  );
  return (
    <div role="status" className={classes.partly}>
      {stale.map(({ id, name, cache }) => (
        <StatusLabel key={id} tone="away" title={cache.message} wrap>
          {t('search.staleOf', { cluster: name })}{' '}
          <RelativeTime at={cache.asOf} />
        </StatusLabel>
      ))}
      {failed.map(({ cluster, error }) => (
        <StatusLabel key={cluster.id} tone="warning" wrap>
          {t('search.missing', { cluster: cluster.name, error })}
        </StatusLabel>
      ))}
      {syncing.length > 0 && (
        <StatusLabel tone="progress" wrap>
          {t('search.syncing', {
            count: syncing.length,
            clusters: syncing.map(({ name }) => name).join(', '),
          })}
        </StatusLabel>
      )}
    </div>
  );
}
