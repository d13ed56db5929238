import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  ErrorPanel,
  useEvents,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { EventTable } from '../deployments/EventTable';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { ListStaleBanner } from './ListStaleBanner';
import { EventSpanSelect, sinceOf } from './EventSpanSelect';
import { NamespaceSelect } from './NamespaceSelect';
import { rowsWhenRead } from './rowsWhenRead';

const FIRST_ROWS = 200;

/** The events of a cluster, grouped by what they say. */
export function EventsTab({ cluster }: { cluster: ClusterDetail }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [namespace, setNamespace] = useUrlState('namespace');
  const [span, setSpan] = useUrlState('span');
  // Not anew at each look: another time is another list.
  const since = useMemo(() => sinceOf(span), [span]);
  const { data, error, refetch, isFetching } = useEvents(cluster.id, {
    namespace: namespace || undefined,
    since,
    limit: FIRST_ROWS,
  });
  const rows = rowsWhenRead(data);
  return (
    <div className={classes.stack}>
      <ListStaleBanner cache={data?.cache} cluster={cluster} />
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.tabs.events')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      <div className={classes.buttons}>
        <NamespaceSelect
          cluster={cluster.id}
          value={namespace}
          onChange={setNamespace}
        />
        <EventSpanSelect value={span} onChange={setSpan} />
        <Button
          size="small"
          variant="secondary"
          isPending={isFetching}
          onPress={() => refetch()}
        >
          {t('common.refresh')}
        </Button>
        <span className={classes.quiet}>{t('events.explain')}</span>
      </div>
      {rows?.length === 0 ? (
        <p className={classes.quiet}>{t('events.none')}</p>
      ) : (
        !error && (
          <EventTable id="events" events={rows} cluster={cluster.id} keys />
        )
      )}
    </div>
  );
}
