import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { HealthLabel, RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { BuildingLabel } from './BuildingLabel';
import { needsAttention } from './ClusterRow';
import type { ClusterRow } from './ClusterRow';

/** So that the strip does not push the table out of sight. */
const MOST = 5;

const useStyles = makeStyles({
  root: {
    border: '1px solid var(--bui-warning-border)',
    borderRadius: 'var(--bui-radius-2)',
    padding: 'var(--bui-space-2) var(--bui-space-3)',
  },
  title: { margin: '0 0 4px', fontSize: 13, fontWeight: 600 },
  list: { margin: 0, padding: 0, listStyle: 'none', fontSize: 13 },
  item: {
    display: 'grid',
    gridTemplateColumns: '150px 180px minmax(0, 1fr) max-content',
    gap: 'var(--bui-space-3)',
    alignItems: 'center',
    lineHeight: '24px',
    '& a': { color: 'inherit', fontWeight: 500 },
    '@media (max-width: 700px)': {
      gridTemplateColumns: '1fr 1fr',
    },
  },
  reason: { overflow: 'hidden', textOverflow: 'ellipsis' },
});

/** The clusters that somebody should look at, with why; nothing when there are none. */
export function AttentionStrip(props: { rows: readonly ClusterRow[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const troubled = props.rows.filter(needsAttention);
  if (troubled.length === 0) return null;
  const more = troubled.length - MOST;
  return (
    <section className={classes.root} aria-label={t('clusters.attention')}>
      <h2 className={classes.title}>
        {t('clusters.attention')} ({troubled.length})
      </h2>
      <ul className={classes.list}>
        {troubled.slice(0, MOST).map(({ id, name, cluster, building }) => (
          <li key={id} className={classes.item}>
            {cluster && <HealthLabel status={cluster.status} />}
            {building && <BuildingLabel building={building} />}
            {cluster ? (
              <Link to={links.cluster(cluster.id)}>{name}</Link>
            ) : (
              name
            )}
            <span className={classes.reason}>
              {cluster?.statusReason ?? building?.message}
            </span>
            <RelativeTime
              at={cluster?.statusSince ?? building?.since}
              format="duration"
            />
          </li>
        ))}
      </ul>
      {more > 0 && t('clusters.more', { amount: String(more) })}
    </section>
  );
}
