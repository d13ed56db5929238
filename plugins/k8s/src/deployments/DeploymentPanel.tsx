import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useState } from 'react';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { EverywhereMenu } from '../object/EverywhereMenu';
import { DeploymentActions } from './DeploymentActions';
import { deploymentRef } from './deploymentChanges';
import { DeploymentWhy } from './DeploymentWhy';
import { isWell } from './deploymentFacts';
import type { DeploymentDetail } from './deploymentFacts';
import { EventTable } from './EventTable';
import { PodTable } from './PodTable';
import { RevisionList } from './RevisionList';

/** Newest events that are shown at first: older ones seldom explain what is wrong now. */
const EVENTS_SHOWN = 8;

const DEPLOYMENT = { kind: 'Deployment' };
/** What is offered on all clusters; whether a rollout is paused, each has its own answer. */
const EVERYWHERE = ['scale', 'restart', 'delete'] as const;

/** The cluster of a deployment, as dialogs need it. */
export interface DeploymentCluster {
  id: string;
  name: string;
  protected?: boolean;
}

/** Everything about one deployment: why it is as it is, what can be done, revisions, pods and events. */
export function DeploymentPanel(props: {
  detail: DeploymentDetail;
  cluster: DeploymentCluster;
  /** Whether it is how things were, not how they are. */
  isStale?: boolean;
  /** What can be done is offered elsewhere on the page. */
  withoutActions?: boolean;
}) {
  const { detail, cluster, isStale, withoutActions } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [allEvents, setAllEvents] = useState(false);
  const isCut = !allEvents && detail.events.length > EVENTS_SHOWN;
  return (
    <div className={classes.stack}>
      {/* What was well need not be: then the age, above, is all that is said. */}
      {!(isStale && isWell(detail)) && <DeploymentWhy detail={detail} />}
      {!withoutActions && (
        <div className={classes.buttons}>
          <DeploymentActions detail={detail} cluster={cluster} />
          <EverywhereMenu
            cluster={cluster}
            kind={DEPLOYMENT}
            target={deploymentRef({ detail, cluster })}
            actions={EVERYWHERE}
          />
        </div>
      )}
      <Section title={t('deployments.revisions')}>
        <RevisionList detail={detail} cluster={cluster} />
      </Section>
      <Section title={`${t('deployments.pods')} (${detail.pods.length})`}>
        {detail.pods.length > 0 ? (
          <PodTable detail={detail} cluster={cluster.id} />
        ) : (
          <p className={classes.quiet}>
            {detail.replicas === 0
              ? t('deployments.scaledToZero')
              : t('deployments.noPods')}
          </p>
        )}
      </Section>
      <Section
        title={t('cluster.tabs.events')}
        actions={
          isCut && (
            <Button
              size="small"
              variant="tertiary"
              onPress={() => setAllEvents(true)}
            >
              {t('events.all', { amount: String(detail.events.length) })}
            </Button>
          )
        }
      >
        {detail.events.length > 0 ? (
          <EventTable
            id="deployment-events"
            events={
              allEvents ? detail.events : detail.events.slice(0, EVENTS_SHOWN)
            }
            cluster={cluster.id}
            isOneNamespace
          />
        ) : (
          <p className={classes.quiet}>{t('events.none')}</p>
        )}
      </Section>
    </div>
  );
}
