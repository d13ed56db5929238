import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { useStatus } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** What is wrong with the installation itself; nothing when all is well. */
export function InstallationBanners() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data } = useStatus();
  return (
    <>
      {data?.encryption === 'missing' && (
        <Alert
          status="danger"
          icon
          title={t('installation.noKey')}
          description={t('installation.noKeyAdvice')}
        />
      )}
      {data?.permission === 'disabled' && (
        <Alert
          status="warning"
          icon
          title={t('installation.noPermission')}
          description={t('installation.noPermissionAdvice')}
        />
      )}
    </>
  );
}
