import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import {
  ErrorPanel,
  RelativeTime,
  useClusterHealth,
  useEvents,
  useNodes,
} from '@backstage-k8s/plugin-k8s-react';
import { EventTable } from '../deployments/EventTable';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { CheckNowButton } from './CheckNowButton';
import type { ClusterDetail } from './ClusterDetail';
import { HealthTable } from './HealthTable';
import { NodeTable } from './NodeTable';
import { rowsWhenRead } from './rowsWhenRead';

const EVENTS_SHOWN = 50;

/** The first thing that is said of a cluster: how it is, since when, and why. */
function StatusSentence({ cluster }: { cluster: ClusterDetail }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { status, statusReason, statusSince } = cluster;
  // That it does not answer is said above, with the age of what is shown.
  const isSaid = status === 'unreachable' && cluster.cache?.state === 'stale';
  if (status === 'healthy' || isSaid) return null;
  return (
    <Alert
      role="status"
      status={
        status === 'degraded' || status === 'unknown' ? 'warning' : 'danger'
      }
      icon
      title={
        <>
          {t(`cluster.sentence.${status}`, { name: cluster.name })}
          {statusSince && (
            <>
              {' · '}
              <RelativeTime at={statusSince} format="duration" />
            </>
          )}
        </>
      }
      description={statusReason}
    />
  );
}

/** How a cluster is: its components, its nodes, and what it warns of. */
export function ClusterOverview({ cluster }: { cluster: ClusterDetail }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const health = useClusterHealth(cluster.id);
  const nodes = useNodes(cluster.id);
  const events = useEvents(cluster.id, { limit: EVENTS_SHOWN });
  const warnings = rowsWhenRead(events.data)?.filter(
    ({ type }) => type === 'Warning',
  );
  const { name } = cluster;
  return (
    <div className={classes.stack}>
      <StatusSentence cluster={cluster} />
      <Section
        title={t('cluster.health')}
        actions={<CheckNowButton cluster={cluster.id} />}
      >
        {health.error ? (
          <ErrorPanel
            error={health.error}
            what={t('cluster.health')}
            cluster={name}
            onRetry={() => health.refetch()}
          />
        ) : (
          <HealthTable
            health={health.data}
            silentSince={
              cluster.status === 'unreachable' ? cluster.statusSince : undefined
            }
          />
        )}
      </Section>
      <Section title={t('cluster.nodes')}>
        {nodes.error ? (
          <ErrorPanel
            error={nodes.error}
            what={t('cluster.nodes')}
            cluster={name}
            onRetry={() => nodes.refetch()}
          />
        ) : (
          <NodeTable nodes={rowsWhenRead(nodes.data)} />
        )}
      </Section>
      <Section title={t('cluster.warnings')}>
        {events.error && (
          <ErrorPanel
            error={events.error}
            what={t('cluster.warnings')}
            cluster={name}
            onRetry={() => events.refetch()}
          />
        )}
        {warnings?.length === 0 && (
          <p className={classes.quiet}>{t('cluster.noWarnings')}</p>
        )}
        {!events.error && warnings?.length !== 0 && (
          <EventTable id="warnings" events={warnings} cluster={cluster.id} />
        )}
      </Section>
    </div>
  );
}
