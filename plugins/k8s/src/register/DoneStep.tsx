import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { HealthLabel } from '@backstage-k8s/plugin-k8s-react';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Button, ButtonLink } from '@backstage/ui';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useRegisterStyles } from './useRegisterStyles';

/** The cluster is registered: where to go from here. */
export function DoneStep(props: {
  cluster: Schema<'Cluster'>;
  onAnother: () => void;
}) {
  const { cluster, onAnother } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return (
    <>
      <p>
        <HealthLabel status={cluster.status} />
      </p>
      <p>{t('register.doneText')}</p>
      <div className={classes.buttons}>
        <ButtonLink variant="primary" href={links.cluster(cluster.id)}>
          {t('register.openCluster', { name: cluster.name })}
        </ButtonLink>
        <Button variant="secondary" onPress={onAnother}>
          {t('register.another')}
        </Button>
        {cluster.entityRef && (
          <EntityRefLink entityRef={cluster.entityRef} hideIcon>
            {t('register.openEntity')}
          </EntityRefLink>
        )}
      </div>
    </>
  );
}
