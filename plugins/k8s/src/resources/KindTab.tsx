import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EmptyState,
  ErrorPanel,
  groupOfSegment,
  useKinds,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { Navigate, useLocation, useParams } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { KindList } from './KindList';
import { KindTable } from './KindTable';
import { kindsOfPlace, placeOf } from './kindPlaces';
import type { KindPlace } from './kindPlaces';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: '160px minmax(0, 1fr)',
    gap: 'var(--bui-space-3)',
    alignItems: 'start',
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
});

/** A tab of a cluster: its kinds, and the table of the one that the address names. */
export function KindTab(props: { cluster: ClusterDetail; place: KindPlace }) {
  const { cluster, place } = props;
  const { group, plural } = useParams();
  const { search } = useLocation();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const shared = useSectionStyles();
  const links = useLinks();
  const [namespace] = useUrlState('namespace');
  const { data, error, refetch } = useKinds(cluster.id);
  if (error && !data) {
    return (
      <ErrorPanel
        error={error}
        what={t('resources.kinds')}
        cluster={cluster.name}
        onRetry={() => refetch()}
      />
    );
  }
  if (!data) return <LoadingBlock />;
  const kinds = kindsOfPlace(data.kinds, place);
  const named = data.kinds.find(
    kind =>
      group !== undefined &&
      kind.group === groupOfSegment(group) &&
      kind.plural === plural,
  );
  const itsPlace = named?.verbs.includes('list') ? placeOf(named) : undefined;
  // An address may be older than the tab that its kind is in.
  if (named && itsPlace && itsPlace !== place) {
    const there = links.kind(cluster.id, { place: itsPlace, ...named });
    return <Navigate to={`${there}${search}`} replace />;
  }
  if (kinds.length === 0) {
    return <p className={shared.quiet}>{t('resources.noKinds')}</p>;
  }
  if (group === undefined) {
    const first = links.kind(cluster.id, { place, ...kinds[0], namespace });
    return <Navigate to={first} replace />;
  }
  const chosen = itsPlace && named;
  return (
    <div className={shared.stack}>
      <ListStaleBanner cache={data.cache} cluster={cluster} />
      <div className={classes.root}>
        <KindList
          cluster={cluster.id}
          place={place}
          kinds={kinds}
          chosen={chosen}
          namespace={namespace}
        />
        {chosen ? (
          <KindTable
            // Another kind has other columns, and begins at its top.
            key={`${chosen.group}/${chosen.plural}`}
            cluster={cluster}
            kind={chosen}
          />
        ) : (
          <EmptyState
            title={t('resources.unknownKind', {
              cluster: cluster.name,
              kind: `${plural}.${group}`,
            })}
            description={t('resources.unknownKindText')}
          />
        )}
      </div>
    </div>
  );
}
