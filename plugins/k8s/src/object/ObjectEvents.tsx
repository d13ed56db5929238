import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isDnsSubdomain } from '@backstage-k8s/plugin-k8s-common';
import {
  ErrorPanel,
  useEvents,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { EventSpanSelect, sinceOf } from '../cluster/EventSpanSelect';
import { rowsWhenRead } from '../cluster/rowsWhenRead';
import { EventTable } from '../deployments/EventTable';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectTabProps } from './ObjectTabContent';

/** The most that are shown of one object. */
const MOST_EVENTS = 200;

/** What was said of an object, by the cluster or longer ago. */
function KnownEvents({ cluster, kind, target }: ObjectTabProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [span, setSpan] = useUrlState('span');
  // Not anew at each look: another time is another list.
  const since = useMemo(() => sinceOf(span), [span]);
  const { data, error, refetch } = useEvents(cluster.id, {
    namespace: target.namespace,
    involved: `${kind.kind}/${target.name}`,
    since,
    limit: MOST_EVENTS,
  });
  const rows = rowsWhenRead(data);
  return (
    <div className={classes.stack}>
      <div className={classes.buttons}>
        <EventSpanSelect value={span} onChange={setSpan} />
        <span className={classes.quiet}>{t('events.explain')}</span>
      </div>
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.tabs.events')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {rows?.length === 0 && (
        <p className={classes.quiet}>
          {since === undefined ? t('object.noEvents') : t('events.none')}
        </p>
      )}
      {rows?.length !== 0 && !(error && !data) && (
        <EventTable
          id="object-events"
          events={rows}
          cluster={cluster.id}
          isOneNamespace
          keys
        />
      )}
    </div>
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
