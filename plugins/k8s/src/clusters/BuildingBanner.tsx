import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterRow } from './ClusterRow';

/** Says which development clusters come by themselves, and how long that takes; nothing when none does. */
export function BuildingBanner({ rows }: { rows: readonly ClusterRow[] }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const coming = rows.filter(
    ({ building }) => building && building.state !== 'failed',
  );
  if (coming.length === 0) return null;
  const messages = coming.map(({ building }) => building?.message);
  return (
    <Alert
      role="status"
      status="info"
      isPending
      title={t('building.banner', {
        names: coming.map(({ name }) => name).join(', '),
      })}
      description={[...new Set(messages)].filter(Boolean).join(' ')}
    />
  );
}
