import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime, useClusters } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { Actor } from './Actor';
import type { AuditEntry } from './auditFilter';
import { detailsId } from './ChangeDetails';
import { OutcomeLabel } from './OutcomeLabel';
import { RowToggle } from './RowToggle';
import { useDescribeChange } from './useDescribeChange';

const SECOND_MS = 1000;

/** Cluster, namespace and object; what has a page of ours leads to it. */
function WhereCell(props: {
  entry: AuditEntry;
  withCluster: boolean;
  /** By id; of the clusters that are registered and that one may see. */
  names: ReadonlyMap<string, string>;
}) {
  const { entry, withCluster, names } = props;
  const { cluster, action, resource } = entry;
  // A request that was refused before its cluster was looked up knows the id only.
  const clusterName = entry.clusterName ?? names.get(cluster ?? '');
  const { plural, namespace, name } = resource ?? {};
  const links = useLinks();
  const place = namespace ?? (plural === 'namespaces' ? name : undefined);
  const inside = plural === 'namespaces' ? undefined : name;
  const words = [place, inside].filter(Boolean).join('/');
  const isGone = action === 'cluster.delete';
  const object =
    cluster && plural && name
      ? links.object({
          ...{ cluster, plural, namespace, name },
          group: resource?.group ?? '',
        })
      : undefined;
  return (
    <span title={[clusterName ?? cluster, words].filter(Boolean).join(' · ')}>
      {withCluster &&
        (cluster && clusterName && !isGone ? (
          <Link to={links.cluster(cluster)}>{clusterName}</Link>
        ) : (
          clusterName ?? cluster
        ))}
      {withCluster && (cluster || clusterName) && words && ' · '}
      {object ? <Link to={object}>{words}</Link> : words}
    </span>
  );
}

/** How long a change took, in the unit that suits. */
export function formatDuration(durationMs: number): string {
  return durationMs < SECOND_MS
    ? `${durationMs} ms`
    : `${(durationMs / SECOND_MS).toFixed(1)} s`;
}

/** The columns of the audit. */
export function useChangeColumns(options: {
  withCluster: boolean;
  /** Id of the entry whose details are shown; empty: none. */
  opened: string;
  onToggle: (entry: AuditEntry) => void;
}): ResourceColumn<AuditEntry>[] {
  const { withCluster, opened, onToggle } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const describe = useDescribeChange();
  const { data: clusters } = useClusters();
  const names = useMemo(
    () => new Map(clusters?.map(({ id, name }) => [id, name])),
    [clusters],
  );
  return useMemo(
    () => [
      {
        id: 'at',
        title: t('changes.when'),
        weight: 1.4,
        phone: true,
        cell: entry => {
          const isOpen = entry.id === opened;
          return (
            <>
              <RowToggle
                isOpen={isOpen}
                detailsId={detailsId(entry)}
                label={t('changes.showDetails', { what: describe(entry) })}
                onToggle={() => onToggle(entry)}
              />
              <RelativeTime at={entry.at} />
            </>
          );
        },
      },
      {
        id: 'actor',
        title: t('changes.who'),
        weight: 1.3,
        cell: ({ actor }) => <Actor actor={actor} />,
      },
      {
        id: 'action',
        title: t('changes.action'),
        weight: 3.3,
        phone: true,
        cell: entry => <span title={describe(entry)}>{describe(entry)}</span>,
      },
      {
        id: 'where',
        title: t('changes.where'),
        weight: 2.2,
        cell: entry => (
          <WhereCell entry={entry} withCluster={withCluster} names={names} />
        ),
      },
      {
        id: 'outcome',
        title: t('changes.result'),
        weight: 2.5,
        phone: true,
        cell: ({ outcome, reason }) => (
          <OutcomeLabel outcome={outcome} reason={reason} />
        ),
      },
      {
        id: 'duration',
        title: t('changes.duration'),
        weight: 0.8,
        align: 'end',
        cell: ({ durationMs }) =>
          durationMs !== undefined && formatDuration(durationMs),
      },
    ],
    [t, describe, opened, onToggle, withCluster, names],
  );
}
