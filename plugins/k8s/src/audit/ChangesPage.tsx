import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { PageFrame } from '../pages/PageFrame';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ChangesTable } from './ChangesTable';

/** What was changed on all clusters, or was refused. */
export function ChangesPage() {
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <PageFrame>
      <VisuallyHidden>
        <h1>{t('changes.title')}</h1>
      </VisuallyHidden>
      <ChangesTable />
    </PageFrame>
  );
}
