import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  HealthLabel,
  RelativeTime,
  ResourceTable,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { HistoryStrip } from './HistoryStrip';

type Component = Schema<'HealthComponent'>;

const rowKey = ({ name }: Component) => name;
const signature = ({ status }: Component) => status;

/** The components of a cluster: how they are, why, who says so, and how they were in the last week. */
export function HealthTable(props: {
  health?: Schema<'ClusterHealth'>;
  /** RFC 3339; since when the cluster does not answer: what was seen before is how it was, not how it is. */
  silentSince?: string;
}) {
  const { health, silentSince } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const columns = useMemo<ResourceColumn<Component>[]>(
    () => [
      {
        id: 'name',
        title: t('cluster.component'),
        weight: 1.7,
        cell: ({ name }) => t(`cluster.components.${name}`),
      },
      {
        id: 'status',
        title: t('clusters.status'),
        weight: 1.6,
        phone: true,
        cell: ({ status, seen }) => {
          // That it does not answer is how it is.
          const isOld =
            silentSince !== undefined &&
            status !== 'unreachable' &&
            (!seen || Date.parse(seen) < Date.parse(silentSince));
          return <HealthLabel status={status} isPast={isOld} />;
        },
      },
      {
        id: 'message',
        title: t('cluster.message'),
        weight: 2.8,
        phone: true,
        cell: ({ message, latencyMs, expiresAt }) => (
          <span title={message}>
            {[message, latencyMs !== undefined && `${Math.round(latencyMs)} ms`]
              .filter(Boolean)
              .join(' · ')}
            {message && expiresAt && ' · '}
            {expiresAt && (
              <>
                {t('cluster.expires')} <RelativeTime at={expiresAt} />
              </>
            )}
          </span>
        ),
      },
      {
        id: 'source',
        title: t('cluster.source'),
        weight: 3,
        cell: ({ source }) => <span title={source}>{source}</span>,
      },
      {
        id: 'seen',
        title: t('clusters.seen'),
        cell: ({ seen }) => <RelativeTime at={seen} />,
      },
      {
        id: 'history',
        title: t('cluster.history'),
        weight: 1.7,
        cell: ({ name, status }) => (
          <HistoryStrip
            component={name}
            status={status}
            history={health?.history ?? []}
          />
        ),
      },
    ],
    [t, health, silentSince],
  );
  return (
    <ResourceTable
      id="health"
      label={t('cluster.health')}
      columns={columns}
      rows={health?.components}
      rowKey={rowKey}
      signature={signature}
      keys={false}
      plain
    />
  );
}
