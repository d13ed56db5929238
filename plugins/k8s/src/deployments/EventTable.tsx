import { KINDS } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelativeTime,
  ResourceTable,
  StatusLabel,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

type Event = Schema<'Event'>;

// Events name kinds, not where they are; of kinds with one name the first, which is Kubernetes' own, is meant.
const TYPES = new Map([...KINDS].reverse().map(type => [type.kind, type]));

const rowKey = ({ id }: Event) => id;
const signature = ({ count }: Event) => String(count);

/** Events grouped by what they say, newest first: what happened, to what, how often. */
export function EventTable(props: {
  id: string;
  /** Undefined while loading. */
  events?: readonly Event[];
  /** Cluster id. */
  cluster: string;
  keys?: boolean;
  /** They are all of one namespace, which is known. */
  isOneNamespace?: boolean;
}) {
  const { id, events, cluster, keys = false, isOneNamespace } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const columns = useMemo(() => {
    const all: ResourceColumn<Event>[] = [
      {
        id: 'reason',
        title: t('events.reason'),
        weight: 1.8,
        cell: ({ type, reason }) =>
          type === 'Warning' ? (
            <StatusLabel tone="warning" title={reason}>
              {reason}
            </StatusLabel>
          ) : (
            <span title={reason}>{reason}</span>
          ),
      },
      {
        id: 'message',
        title: t('events.message'),
        weight: 5,
        phone: true,
        cell: ({ message }) => <span title={message}>{message}</span>,
      },
      {
        id: 'object',
        title: t('events.object'),
        weight: 2.2,
        cell: ({ involved, objects = 1 }) => {
          const { kind, namespace, name } = involved;
          const words = `${kind} ${name}`;
          if (objects > 1) {
            return t('events.objects', { amount: String(objects), kind });
          }
          const type = TYPES.get(kind);
          const place = type?.namespaced ? namespace : undefined;
          return type && (place || !type.namespaced) ? (
            <Link
              to={links.object({ ...type, cluster, namespace: place, name })}
              title={words}
            >
              {words}
            </Link>
          ) : (
            <span title={words}>{words}</span>
          );
        },
      },
      {
        id: 'namespace',
        title: t('deployments.namespace'),
        weight: 1.2,
        cell: ({ involved }) => involved.namespace,
      },
      {
        id: 'count',
        title: t('events.count'),
        weight: 0.8,
        align: 'end',
        cell: ({ count }) => count,
      },
      {
        id: 'seen',
        title: t('events.last'),
        weight: 1.2,
        phone: true,
        cell: ({ lastSeen }) => <RelativeTime at={lastSeen} />,
      },
    ];
    return all.filter(column => !isOneNamespace || column.id !== 'namespace');
  }, [t, links, cluster, isOneNamespace]);
  return (
    <ResourceTable
      id={id}
      label={t('cluster.tabs.events')}
      columns={columns}
      rows={events}
      rowKey={rowKey}
      signature={signature}
      keys={keys}
      plain
    />
  );
}
