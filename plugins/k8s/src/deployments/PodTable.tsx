import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  CopyableText,
  RelativeTime,
  ResourceTable,
  StatusLabel,
} from '@backstage-k8s/plugin-k8s-react';
import type {
  ResourceColumn,
  StatusTone,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { mainVersion } from './deploymentFacts';
import type { DeploymentDetail } from './deploymentFacts';

type Pod = Schema<'Pod'>;

const PODS = { group: '', plural: 'pods' };

const rowKey = ({ name }: Pod) => name;
const signature = ({ status, ready, restarts }: Pod) =>
  JSON.stringify([status, ready, restarts]);

const PASSING = [
  'Pending',
  'ContainerCreating',
  'PodInitializing',
  'Terminating',
];

function toneOf({ healthy, status }: Pod): StatusTone {
  if (healthy) return 'good';
  return PASSING.includes(status) ? 'progress' : 'bad';
}

/** The pods of a deployment, those in trouble first. */
export function PodTable(props: {
  detail: DeploymentDetail;
  /** Cluster id. */
  cluster: string;
}) {
  const { detail, cluster } = props;
  const { pods, revisions } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  // While all are ready the names have the room.
  const hasReasons = pods.some(({ reason }) => reason);
  const columns = useMemo<ResourceColumn<Pod>[]>(
    () => [
      {
        id: 'name',
        title: t('pods.name'),
        weight: 3.7,
        cell: ({ namespace, name }) => (
          <CopyableText text={name}>
            <Link to={links.object({ ...PODS, cluster, namespace, name })}>
              {name}
            </Link>
          </CopyableText>
        ),
      },
      {
        id: 'status',
        title: t('clusters.status'),
        weight: 2.5,
        phone: true,
        cell: pod => (
          <StatusLabel tone={toneOf(pod)} title={pod.status}>
            {pod.status}
          </StatusLabel>
        ),
      },
      {
        id: 'reason',
        title: t('pods.reason'),
        weight: 3,
        cell: ({ reason }) => <span title={reason}>{reason}</span>,
      },
      {
        id: 'ready',
        title: t('deployments.ready'),
        weight: 1,
        align: 'end',
        phone: true,
        cell: ({ ready, containers }) => `${ready}/${containers}`,
      },
      {
        id: 'restarts',
        title: t('deployments.restarts'),
        weight: 1.2,
        align: 'end',
        cell: ({ restarts }) => restarts,
      },
      {
        id: 'version',
        title: t('deployments.version'),
        weight: 1.3,
        cell: ({ revision, images = [] }) => {
          const known = revisions.find(one => one.revision === revision);
          const version = mainVersion(
            known?.containers ?? images.map(image => ({ image })),
          );
          return <span title={version}>{version}</span>;
        },
      },
      {
        id: 'node',
        title: t('pods.node'),
        weight: 1.8,
        cell: ({ node }) => <span title={node}>{node}</span>,
      },
      {
        id: 'age',
        title: t('node.age'),
        weight: 1,
        cell: ({ createdAt }) => (
          <RelativeTime at={createdAt} format="duration" />
        ),
      },
    ],
    [t, links, cluster, revisions],
  );
  const shown = useMemo(
    () => columns.filter(({ id }) => hasReasons || id !== 'reason'),
    [columns, hasReasons],
  );
  const rows = useMemo(
    () =>
      [...pods].sort(
        (left, right) =>
          Number(left.healthy) - Number(right.healthy) ||
          left.name.localeCompare(right.name),
      ),
    [pods],
  );
  return (
    <ResourceTable
      id="pods"
      label={t('deployments.pods')}
      columns={shown}
      rows={rows}
      rowKey={rowKey}
      signature={signature}
      keys={false}
      plain
    />
  );
}
