import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Alert, ButtonLink } from '@backstage/ui';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** The end of registering: where the cluster is now. */
export function RegisteredCluster({ cluster }: { cluster: Schema<'Cluster'> }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  return (
    <div className={classes.stack}>
      <Alert
        role="status"
        status="success"
        icon
        title={t('register.done', { name: cluster.name })}
        description={cluster.version}
      />
      <div className={classes.buttons}>
        <ButtonLink variant="primary" href={links.cluster(cluster.id)}>
          {t('register.open')}
        </ButtonLink>
        <ButtonLink
          variant="secondary"
          href={links.cluster(cluster.id, 'deployments')}
        >
          {t('register.deployments')}
        </ButtonLink>
        {cluster.entityRef && (
          <span>
            {t('settings.entity')}:{' '}
            <EntityRefLink entityRef={cluster.entityRef} />
          </span>
        )}
      </div>
    </div>
  );
}
