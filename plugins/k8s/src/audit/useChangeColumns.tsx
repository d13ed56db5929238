import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';
import { OutcomeLabel } from './OutcomeLabel';

const MILLISECONDS = 1000;

function isEntityRef(actor: string): boolean {
  return /^[a-z]+:[^/]+\/.+$/i.test(actor);
}

/** The object of a change; a deployment leads to its page. */
function ResourceCell({ entry }: { entry: AuditEntry }) {
  const links = useLinks();
  const { plural, namespace, name } = entry.resource ?? {};
  const words = [namespace, name].filter(Boolean).join('/');
  if (plural === 'deployments' && entry.cluster && namespace && name) {
    const to = links.deployment(entry.cluster, { namespace, name });
    return (
      <Link to={to} title={words}>
        {words}
      </Link>
    );
  }
  return <span title={words}>{words}</span>;
}

/** The columns of the audit. */
export function useChangeColumns(options: {
  withCluster: boolean;
}): ResourceColumn<AuditEntry>[] {
  const { withCluster } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo(() => {
    const columns: ResourceColumn<AuditEntry>[] = [
      {
        id: 'at',
        title: t('changes.when'),
        weight: 1.1,
        cell: ({ at }) => <RelativeTime at={at} />,
      },
      {
        id: 'actor',
        title: t('changes.who'),
        weight: 1.6,
        cell: ({ actor }) =>
          isEntityRef(actor) ? (
            <EntityRefLink entityRef={actor} hideIcon />
          ) : (
            actor
          ),
      },
      {
        id: 'action',
        title: t('changes.what'),
        weight: 1.8,
        phone: true,
        cell: ({ action }) => action,
      },
      {
        id: 'resource',
        title: t('changes.object'),
        weight: 2.4,
        cell: entry => <ResourceCell entry={entry} />,
      },
      {
        id: 'cluster',
        title: t('changes.cluster'),
        weight: 1.3,
        cell: ({ cluster, clusterName }) =>
          cluster ? (
            <Link to={links.cluster(cluster)}>{clusterName ?? cluster}</Link>
          ) : (
            clusterName
          ),
      },
      {
        id: 'outcome',
        title: t('changes.result'),
        weight: 1.2,
        phone: true,
        cell: ({ outcome }) => <OutcomeLabel outcome={outcome} />,
      },
      {
        id: 'reason',
        title: t('changes.reason'),
        weight: 3,
        cell: ({ reason }) => <span title={reason}>{reason}</span>,
      },
      {
        id: 'duration',
        title: t('changes.duration'),
        weight: 0.8,
        align: 'end',
        cell: ({ durationMs }) =>
          durationMs !== undefined &&
          (durationMs < MILLISECONDS
            ? `${durationMs} ms`
            : `${(durationMs / MILLISECONDS).toFixed(1)} s`),
      },
    ];
    return columns.filter(({ id }) => withCluster || id !== 'cluster');
  }, [t, links, withCluster]);
}
