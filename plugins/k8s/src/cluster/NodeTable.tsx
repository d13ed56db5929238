import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelativeTime,
  ResourceTable,
  StatusLabel,
  formatBytes,
  formatCores,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { UsageBar } from './UsageBar';

type Node = Schema<'Node'>;

const rowKey = ({ name }: Node) => name;
const signature = ({ status, schedulable, conditions }: Node) =>
  JSON.stringify([status, schedulable, conditions]);

const TONES = { ready: 'good', notReady: 'bad', unknown: 'away' } as const;

/** The conditions that are not as they should be: `Ready` has to hold, all others must not. */
function troubles(node: Node): string {
  return node.conditions
    .filter(
      ({ type, status }) => status !== (type === 'Ready' ? 'True' : 'False'),
    )
    .map(
      ({ type, status, message, reason }) =>
        `${type}=${status}: ${message ?? reason ?? ''}`,
    )
    .join('; ');
}

function NodeStatus({ node }: { node: Node }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const words = [
    t(`node.${node.status}`),
    !node.schedulable && t('node.cordoned'),
  ];
  const tone =
    node.status === 'ready' && !node.schedulable
      ? 'paused'
      : TONES[node.status];
  return (
    <StatusLabel tone={tone}>{words.filter(Boolean).join(', ')}</StatusLabel>
  );
}

/** The nodes of a cluster: trouble first, with what is requested of what they have. */
export function NodeTable(props: { nodes?: readonly Node[] }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const columns = useMemo<ResourceColumn<Node>[]>(
    () => [
      {
        id: 'name',
        title: t('node.name'),
        weight: 1.8,
        cell: ({ name }) => <span title={name}>{name}</span>,
      },
      {
        id: 'status',
        title: t('clusters.status'),
        weight: 1.2,
        phone: true,
        cell: node => <NodeStatus node={node} />,
      },
      {
        id: 'conditions',
        title: t('node.conditions'),
        weight: 2,
        phone: true,
        cell: node => <span title={troubles(node)}>{troubles(node)}</span>,
      },
      {
        id: 'cpu',
        title: t('node.cpu'),
        weight: 1.6,
        cell: ({ requested, used, capacity }) => (
          <UsageBar
            requested={requested?.cpu}
            used={used?.cpu}
            capacity={capacity.cpu}
            format={formatCores}
          />
        ),
      },
      {
        id: 'memory',
        title: t('node.memory'),
        weight: 2.1,
        cell: ({ requested, used, capacity }) => (
          <UsageBar
            requested={requested?.memory}
            used={used?.memory}
            capacity={capacity.memory}
            format={formatBytes}
          />
        ),
      },
      {
        id: 'pods',
        title: t('node.pods'),
        weight: 1.4,
        cell: ({ requested, capacity }) => (
          <UsageBar
            requested={requested?.pods}
            capacity={capacity.pods}
            format={String}
          />
        ),
      },
      {
        id: 'version',
        title: t('clusters.version'),
        cell: ({ version }) => version,
      },
      {
        id: 'roles',
        title: t('node.roles'),
        optional: true,
        cell: ({ roles }) => roles.join(', '),
      },
      {
        id: 'zone',
        title: t('node.zone'),
        optional: true,
        cell: ({ zone }) => zone,
      },
      {
        id: 'age',
        title: t('node.age'),
        weight: 0.9,
        cell: ({ createdAt }) => (
          <RelativeTime at={createdAt} format="duration" />
        ),
      },
    ],
    [t],
  );
  const rows = useMemo(
    () =>
      props.nodes &&
      [...props.nodes].sort(
        (left, right) =>
          Number(left.status === 'ready') - Number(right.status === 'ready'),
      ),
    [props.nodes],
  );
  return (
    <ResourceTable
      id="nodes"
      label={t('cluster.nodes')}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      signature={signature}
      plain
    />
  );
}
