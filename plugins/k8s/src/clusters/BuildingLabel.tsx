import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { BuildingCluster } from './ClusterRow';

/** How far a cluster is that the development portal builds. */
export function BuildingLabel(props: { building: BuildingCluster }) {
  const { state } = props.building;
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <StatusLabel tone={state === 'failed' ? 'bad' : 'progress'}>
      {t(`building.${state}`)}
    </StatusLabel>
  );
}
