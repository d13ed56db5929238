import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Alert, Header, Skeleton } from '@backstage/ui';
import {
  ErrorPanel,
  HealthLabel,
  RelativeTime,
  StaleBanner,
  useCluster,
} from '@backstage-k8s/plugin-k8s-react';
import { Navigate, Route, Routes, useParams } from 'react-router-dom';
import { ChangesTable } from '../audit/ChangesTable';
import { DeploymentPage } from '../deployments/DeploymentPage';
import { DeploymentsTab } from '../deployments/DeploymentsTab';
import { PageFrame } from '../pages/PageFrame';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { ClusterOverview } from './ClusterOverview';
import { ClusterSettings } from './ClusterSettings';
import { EventsTab } from './EventsTab';
import { NamespacesTab } from './NamespacesTab';

const TABS = [
  'overview',
  'namespaces',
  'deployments',
  'events',
  'changes',
  'settings',
] as const;

function ClusterHeader(props: { cluster: ClusterDetail; tab: string }) {
  const { cluster, tab } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const metadata = [
    {
      label: t('clusters.status'),
      value: <HealthLabel status={cluster.status} />,
    },
    { label: t('clusters.version'), value: cluster.version ?? '–' },
    {
      label: t('clusters.owner'),
      value: cluster.owner ? (
        <EntityRefLink entityRef={cluster.owner} hideIcon />
      ) : (
        '–'
      ),
    },
    {
      label: t('clusters.seen'),
      value: <RelativeTime at={cluster.lastSeen} />,
    },
    {
      label: t('cluster.protection'),
      value: cluster.protected ? t('cluster.protected') : t('cluster.none'),
    },
  ];
  return (
    <Header
      title={cluster.name}
      tags={Object.entries(cluster.labels).map(([key, value]) => ({
        label: `${key}=${value}`,
        href: `${links.clusters}?label=${encodeURIComponent(
          `${key}=${value}`,
        )}`,
      }))}
      metadata={metadata}
      tabs={TABS.map(id => ({
        id,
        label: t(`cluster.tabs.${id}`),
        href: links.cluster(cluster.id, id),
      }))}
      activeTabId={tab}
    />
  );
}

function ClusterTabs({ cluster }: { cluster: ClusterDetail }) {
  return (
    <Routes>
      <Route index element={<Navigate to="overview" replace />} />
      <Route path="overview" element={<ClusterOverview cluster={cluster} />} />
      <Route path="namespaces" element={<NamespacesTab cluster={cluster} />} />
      <Route
        path="deployments"
        element={<DeploymentsTab cluster={cluster} />}
      />
      <Route
        path="deployments/:namespace/:name"
        element={<DeploymentPage cluster={cluster} />}
      />
      <Route path="events" element={<EventsTab cluster={cluster} />} />
      <Route path="changes" element={<ChangesTable cluster={cluster.id} />} />
      <Route path="settings" element={<ClusterSettings cluster={cluster} />} />
      <Route path="*" element={<Navigate to="overview" replace />} />
    </Routes>
  );
}

/** One cluster, with its tabs in the address. */
export function ClusterPage() {
  const { id = '', '*': rest = '' } = useParams();
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data: cluster, error, refetch } = useCluster(id);
  return (
    <PageFrame
      header={
        cluster ? (
          <ClusterHeader cluster={cluster} tab={rest.split('/')[0]} />
        ) : (
          <Header title={t('cluster.title')} />
        )
      }
    >
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.title')}
          cluster={cluster?.name}
          onRetry={() => refetch()}
        />
      )}
      {!cluster && !error && <Skeleton height={240} />}
      {cluster && (
        <>
          {cluster.skipTlsVerify && (
            <Alert
              status="warning"
              icon
              title={t('cluster.noTls')}
              description={t('cluster.noTlsAdvice')}
            />
          )}
          <StaleBanner cache={cluster.cache} cluster={cluster.name} />
          <ClusterTabs cluster={cluster} />
        </>
      )}
    </PageFrame>
  );
}
