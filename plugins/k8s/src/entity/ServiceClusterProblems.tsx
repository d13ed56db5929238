import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** The clusters that could not say what runs on them, each with its reason. */
export function ServiceClusterProblems(props: {
  errors: readonly Schema<'ClusterError'>[];
  onRetry: () => void;
}) {
  const { errors, onRetry } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <>
      {errors.map(({ cluster, error }) => (
        <Alert
          key={cluster.id}
          role="status"
          status="warning"
          icon
          title={t('service.noAnswer', { cluster: cluster.name })}
          description={error}
          customActions={
            <Button size="small" variant="secondary" onPress={onRetry}>
              {t('common.refresh')}
            </Button>
          }
        />
      ))}
    </>
  );
}
