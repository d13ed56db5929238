import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Header } from '@backstage/ui';
import { useGuard } from '@backstage-k8s/plugin-k8s-react';
import { InstallationBanners } from '../clusters/InstallationBanners';
import { PageFrame } from '../pages/PageFrame';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { RegisterWizard } from './RegisterWizard';

const REVIEWS = [{ action: 'cluster.register' as const }];

/** Where clusters are registered. */
export function RegisterPage() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const guard = useGuard(REVIEWS);
  return (
    <PageFrame header={<Header title={t('register.title')} />}>
      <InstallationBanners />
      {!guard.allowed && guard.reason && (
        <Alert role="status" status="warning" icon title={guard.reason} />
      )}
      <RegisterWizard canRegister={guard.allowed} />
    </PageFrame>
  );
}
