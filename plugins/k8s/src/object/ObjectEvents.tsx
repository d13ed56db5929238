import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isDnsSubdomain } from '@backstage-k8s/plugin-k8s-common';
import { ErrorPanel, useEvents } from '@backstage-k8s/plugin-k8s-react';
import { rowsWhenRead } from '../cluster/rowsWhenRead';
import { EventTable } from '../deployments/EventTable';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectTabProps } from './ObjectTabContent';

/** The most that are shown of one object. */
const MOST_EVENTS = 200;

/** What the cluster said of an object. */
function KnownEvents({ cluster, kind, target }: ObjectTabProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data, error, refetch } = useEvents(cluster.id, {
    namespace: target.namespace,
    involved: `${kind.kind}/${target.name}`,
    limit: MOST_EVENTS,
  });
  if (error && !data) {
    return (
      <ErrorPanel
        error={error}
        what={t('cluster.tabs.events')}
        cluster={cluster.name}
        onRetry={() => refetch()}
      />
    );
  }
  const rows = rowsWhenRead(data);
  if (rows?.length === 0) {
    return <p className={classes.quiet}>{t('object.noEvents')}</p>;
  }
  return (
    <EventTable
      id="object-events"
      events={rows}
      cluster={cluster.id}
      isOneNamespace
      keys
    />
  );
}

/** The events of an object, grouped by what they say. */
export function ObjectEvents(props: ObjectTabProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  // Nothing is ever said of objects with other names, e.g. roles like `system:node`.
  return isDnsSubdomain(props.target.name) ? (
    <KnownEvents {...props} />
  ) : (
    <p className={classes.quiet}>{t('object.noEvents')}</p>
  );
}
