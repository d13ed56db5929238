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
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router-dom';
import { LoadingBlock } from '../pages/LoadingBlock';
import { lazyPart, useReadAhead } from '../pages/lazyPart';
import { PageFrame } from '../pages/PageFrame';
import { KIND_PLACES } from '../resources/kindPlaces';
import { KindTab } from '../resources/KindTab';
import { ReadAhead } from '../resources/ReadAhead';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { OldDeploymentAddress } from './OldDeploymentAddress';

// Tables are what is opened most; the others are read when they are shown.
const PARTS = {
  overview: lazyPart('ClusterOverview', () => import('./ClusterOverview')),
  namespaces: lazyPart('NamespacesTab', () => import('./NamespacesTab')),
  object: lazyPart('ObjectPage', () => import('../object/ObjectPage')),
  events: lazyPart('EventsTab', () => import('./EventsTab')),
  changes: lazyPart('ChangesTable', () => import('../audit/ChangesTable')),
  settings: lazyPart('ClusterSettings', () => import('./ClusterSettings')),
};
const AHEAD = [PARTS.object];

const TABS = [
  'overview',
  'namespaces',
  ...KIND_PLACES,
  'events',
  'changes',
  'settings',
] as const;

/** While the cluster is read the header has its size and its tabs already, so that nothing jumps. */
function ClusterHeader(props: {
  id: string;
  cluster?: ClusterDetail;
  tab: string;
}) {
  const { id, cluster, tab } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const valueOf = (show: (known: ClusterDetail) => ReactNode) =>
    cluster ? show(cluster) : <Skeleton width={70} height={16} />;
  const metadata = [
    {
      label: t('clusters.status'),
      value: valueOf(({ status }) => <HealthLabel status={status} />),
    },
    {
      label: t('clusters.version'),
      value: valueOf(({ version }) => version ?? '–'),
    },
    {
      label: t('clusters.owner'),
      value: valueOf(({ owner }) =>
        owner ? <EntityRefLink entityRef={owner} hideIcon /> : '–',
      ),
    },
    {
      label: t('clusters.seen'),
      value: valueOf(({ lastSeen }) => <RelativeTime at={lastSeen} />),
    },
    // What is usual is not said.
    ...(cluster?.protected
      ? [{ label: t('cluster.protection'), value: t('cluster.protected') }]
      : []),
  ];
  const tags = Object.entries(cluster?.labels ?? {}).map(([key, value]) => ({
    label: `${key}=${value}`,
    href: `${links.clusters}?label=${encodeURIComponent(`${key}=${value}`)}`,
  }));
  return (
    <Header
      title={cluster?.name ?? t('cluster.title')}
      tags={cluster ? tags : [{ label: '…' }]}
      metadata={metadata}
      tabs={TABS.map(name => ({
        id: name,
        label: t(`cluster.tabs.${name}`),
        href: links.cluster(id, name),
      }))}
      activeTabId={tab}
    />
  );
}

function ClusterTabs({ cluster }: { cluster: ClusterDetail }) {
  useReadAhead(AHEAD);
  return (
    <Routes>
      <Route index element={<Navigate to="overview" replace />} />
      <Route path="overview" element={<PARTS.overview cluster={cluster} />} />
      <Route
        path="namespaces"
        element={<PARTS.namespaces cluster={cluster} />}
      />
      {KIND_PLACES.flatMap(place =>
        [place, `${place}/:group/:plural`].map(path => (
          <Route
            key={path}
            path={path}
            element={<KindTab key={place} cluster={cluster} place={place} />}
          />
        )),
      )}
      <Route
        path="object/:group/:plural/:namespace/:name/:tab?"
        element={<PARTS.object cluster={cluster} />}
      />
      {['deployments', 'deployments/:namespace/:name'].map(path => (
        <Route
          key={path}
          path={path}
          element={<OldDeploymentAddress cluster={cluster.id} />}
        />
      ))}
      <Route path="events" element={<PARTS.events cluster={cluster} />} />
      <Route path="changes" element={<PARTS.changes cluster={cluster.id} />} />
      <Route path="settings" element={<PARTS.settings cluster={cluster} />} />
      <Route path="*" element={<Navigate to="overview" replace />} />
    </Routes>
  );
}

/** One cluster, with its tabs in the address. */
export function ClusterPage() {
  const { id = '', '*': rest = '' } = useParams();
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data: cluster, error, refetch } = useCluster(id);
  const [tab] = rest.split('/');
  // It is read while the cluster is.
  useEffect(() => {
    const part = tab || 'overview';
    if (Object.hasOwn(PARTS, part)) PARTS[part as keyof typeof PARTS].load();
  }, [tab]);
  // An object has a heading of its own, which leads back here.
  const header = tab !== 'object' && (
    <ClusterHeader id={id} cluster={cluster} tab={tab} />
  );
  return (
    <PageFrame
      header={
        error && !cluster ? <Header title={t('cluster.title')} /> : header
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
      {(cluster || !error) && (
        <ReadAhead
          key={id}
          cluster={id}
          path={rest}
          isClusterRead={cluster !== undefined}
        />
      )}
      {!cluster && !error && <LoadingBlock />}
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
