import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { HealthLabel, RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { LabelList } from '../pages/LabelList';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { BuildingLabel } from './BuildingLabel';
import type { ClusterRow } from './ClusterRow';

const SEVERITY = ['unreachable', 'unhealthy', 'degraded', 'unknown', 'healthy'];

/** The columns of the clusters' table. */
export function useClusterColumns(): ResourceColumn<ClusterRow>[] {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo<ResourceColumn<ClusterRow>[]>(
    () => [
      {
        id: 'name',
        title: t('clusters.name'),
        weight: 1.7,
        sortValue: row => row.name,
        cell: ({ cluster, name }) =>
          cluster ? <Link to={links.cluster(cluster.id)}>{name}</Link> : name,
      },
      {
        id: 'status',
        title: t('clusters.status'),
        weight: 1.8,
        phone: true,
        sortValue: row => SEVERITY.indexOf(row.cluster?.status ?? ''),
        cell: ({ cluster, building }) => (
          <>
            {cluster && <HealthLabel status={cluster.status} />}
            {building && <BuildingLabel building={building} />}
          </>
        ),
      },
      {
        id: 'reason',
        title: t('clusters.reason'),
        weight: 2.6,
        phone: true,
        cell: ({ cluster, building }) => {
          const text = cluster?.statusReason ?? building?.message ?? '';
          return <span title={text}>{text}</span>;
        },
      },
      {
        id: 'version',
        title: t('clusters.version'),
        sortValue: row => row.cluster?.version,
        cell: row => row.cluster?.version,
      },
      {
        id: 'nodes',
        title: t('clusters.nodes'),
        align: 'end',
        weight: 0.8,
        sortValue: row => row.cluster?.counts?.nodes,
        cell: ({ cluster }) =>
          cluster?.counts &&
          `${cluster.counts.nodesReady}/${cluster.counts.nodes}`,
      },
      {
        id: 'workloads',
        title: t('clusters.workloads'),
        align: 'end',
        weight: 1.3,
        sortValue: row => row.cluster?.counts?.deployments,
        cell: ({ cluster }) =>
          cluster?.counts?.deployments !== undefined &&
          `${cluster.counts.deploymentsReady ?? 0}/${
            cluster.counts.deployments
          }`,
      },
      {
        id: 'pods',
        title: t('clusters.pods'),
        align: 'end',
        optional: true,
        sortValue: row => row.cluster?.counts?.pods,
        cell: row => row.cluster?.counts?.pods,
      },
      {
        id: 'namespaces',
        title: t('clusters.namespaces'),
        align: 'end',
        optional: true,
        sortValue: row => row.cluster?.counts?.namespaces,
        cell: row => row.cluster?.counts?.namespaces,
      },
      {
        id: 'groups',
        title: t('clusters.groups'),
        weight: 2,
        cell: ({ cluster }) => cluster && <LabelList labels={cluster.labels} />,
      },
      {
        id: 'owner',
        title: t('clusters.owner'),
        weight: 1.6,
        sortValue: row => row.cluster?.owner,
        cell: ({ cluster }) =>
          cluster?.owner && (
            <EntityRefLink entityRef={cluster.owner} hideIcon />
          ),
      },
      {
        id: 'seen',
        title: t('clusters.seen'),
        weight: 1.1,
        sortValue: ({ cluster }) =>
          cluster?.lastSeen && -Date.parse(cluster.lastSeen),
        cell: ({ cluster, building }) => (
          <RelativeTime at={cluster ? cluster.lastSeen : building?.since} />
        ),
      },
    ],
    [t, links],
  );
}
