import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useGuard } from '@backstage-k8s/plugin-k8s-react';
import { Alert, Header } from '@backstage/ui';
import { InstallationBanners } from '../clusters/InstallationBanners';
import { PageFrame } from '../pages/PageFrame';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { RegisterWizard } from './RegisterWizard';
import { useRegisterStyles } from './useRegisterStyles';

const REVIEWS = [{ action: 'cluster.register' as const }];

/** Where clusters are registered; who may not, sees what they would see, and which role is missing. */
export function RegisterPage() {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const guard = useGuard(REVIEWS);
  // That the rights could not be had, and why, is said at the top of the page.
  const isRefused = !guard.allowed && !guard.isChecking && !guard.retry;
  return (
    <PageFrame
      header={
        <Header
          title={t('register.title')}
          description={t('register.intro')}
          breadcrumbs={[{ label: t('clusters.title'), href: links.clusters }]}
        />
      }
    >
      <InstallationBanners />
      {isRefused && (
        <Alert role="status" status="info" icon title={guard.reason} />
      )}
      <fieldset
        className={`${classes.wizard} ${guard.allowed ? '' : classes.refused}`}
        disabled={!guard.allowed}
        aria-busy={guard.isChecking}
        aria-label={t('register.title')}
      >
        <RegisterWizard />
      </fieldset>
    </PageFrame>
  );
}
