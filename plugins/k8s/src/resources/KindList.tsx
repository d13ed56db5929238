import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { NavLink, useNavigate } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { KindPlace } from './kindPlaces';

/** Where there is no room for a list beside the table. */
const NARROW = '(max-width: 1000px)';

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    fontSize: 13,
    maxHeight: 'calc(100vh - 200px)',
    overflowY: 'auto',
    '& a': {
      display: 'block',
      padding: '3px 10px',
      borderInlineStart: '2px solid transparent',
      color: 'var(--bui-fg-primary)',
      textDecoration: 'none',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    '& a:hover': { background: 'var(--bui-bg-neutral-2)' },
    '& a:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: -2,
    },
    '& a[aria-current="page"]': {
      borderInlineStartColor: 'var(--bui-fg-announcement)',
      background: 'var(--bui-bg-neutral-2)',
      fontWeight: 600,
    },
  },
  group: {
    padding: '8px 10px 2px 12px',
    color: QUIET_COLOR,
    fontSize: 11,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  select: { maxWidth: 360 },
});

const keyOf = ({ group, plural }: Kind) => `${group}/${plural}`;

/** The kinds of a tab, one of which is shown: a list beside the table, or a field above it where there is little room. */
export function KindList(props: {
  cluster: string;
  place: KindPlace;
  kinds: readonly Kind[];
  chosen?: Kind;
  /** The namespace goes along to the next kind. */
  namespace?: string;
}) {
  const { cluster, place, kinds, chosen, namespace } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const isNarrow = useMediaQuery(NARROW);
  const linkOf = ({ group, plural }: Kind) =>
    links.kind(cluster, { place, group, plural, namespace });
  // Among custom resources the group says more than the kind.
  const isGrouped = place === 'custom';

  if (isNarrow) {
    return (
      <Select
        className={classes.select}
        size="small"
        label={t('resources.kind')}
        search={{ placeholder: t('resources.kind') }}
        options={kinds.map(kind => ({
          id: keyOf(kind),
          label: isGrouped ? `${kind.kind} (${kind.group})` : kind.kind,
        }))}
        value={chosen ? keyOf(chosen) : null}
        onChange={key => {
          const next = kinds.find(kind => keyOf(kind) === key);
          if (next) navigate(linkOf(next));
        }}
      />
    );
  }
  return (
    <nav aria-label={t('resources.kinds')}>
      <ul className={classes.list}>
        {kinds.map((kind, index) => (
          <li key={keyOf(kind)}>
            {isGrouped && kind.group !== kinds[index - 1]?.group && (
              <div className={classes.group} title={kind.group}>
                {kind.group || 'v1'}
              </div>
            )}
            <NavLink to={linkOf(kind)} title={`${kind.kind}.${kind.group}`}>
              {kind.kind}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
