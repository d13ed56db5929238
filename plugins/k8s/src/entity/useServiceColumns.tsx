import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { versionChange } from '../deployments/deploymentFacts';
import type { DeploymentDetail } from '../deployments/deploymentFacts';
import { RolloutLabel } from '../deployments/RolloutLabel';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ServiceCluster } from './useServiceClusters';

const ENVIRONMENT = 'environment';

/** The environment of a cluster, by its label. */
export function environmentOf(cluster: ServiceCluster | undefined): string {
  return cluster?.labels[ENVIRONMENT] ?? '';
}

/** The columns of a service's deployments on all clusters. */
export function useServiceColumns(
  clusters: ReadonlyMap<string, ServiceCluster>,
): ResourceColumn<DeploymentDetail>[] {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo<ResourceColumn<DeploymentDetail>[]>(
    () => [
      {
        id: 'environment',
        title: t('service.environment'),
        weight: 1.4,
        phone: false,
        cell: ({ cluster = '' }) => environmentOf(clusters.get(cluster)),
      },
      {
        id: 'cluster',
        title: t('service.cluster'),
        weight: 1.4,
        phone: true,
        cell: ({ cluster = '' }) => (
          <Link to={links.cluster(cluster)}>
            {clusters.get(cluster)?.name ?? cluster}
          </Link>
        ),
      },
      {
        id: 'name',
        title: t('deployments.name'),
        weight: 1.4,
        cell: row => (
          <Link to={links.deployment(row.cluster ?? '', row)}>
            <span title={`${row.namespace}/${row.name}`}>{row.name}</span>
          </Link>
        ),
      },
      {
        id: 'version',
        title: t('deployments.version'),
        weight: 1.7,
        phone: true,
        cell: row => (
          <span
            title={[
              versionChange(row),
              ...row.containers.map(({ image }) => image),
            ].join('\n')}
          >
            {versionChange(row)}
          </span>
        ),
      },
      {
        id: 'ready',
        title: t('deployments.ready'),
        weight: 0.9,
        align: 'end',
        phone: true,
        cell: ({ ready, replicas }) => `${ready}/${replicas}`,
      },
      {
        id: 'rollout',
        title: t('deployments.rollout'),
        weight: 4.4,
        phone: true,
        cell: ({ rollout, cluster = '' }) => (
          <RolloutLabel
            rollout={rollout}
            cache={clusters.get(cluster)?.cache}
          />
        ),
      },
      {
        id: 'age',
        title: t('node.age'),
        weight: 0.8,
        cell: ({ revisions, createdAt }) => (
          <RelativeTime
            at={
              revisions.find(({ current }) => current)?.createdAt ?? createdAt
            }
            format="duration"
          />
        ),
      },
      {
        id: 'restarts',
        title: t('deployments.restarts'),
        weight: 1,
        align: 'end',
        cell: ({ restarts }) => restarts,
      },
    ],
    [t, links, clusters],
  );
}
