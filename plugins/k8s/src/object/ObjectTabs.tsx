import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectTab } from './objectTabs';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    gap: 'var(--bui-space-4)',
    overflowX: 'auto',
    overflowY: 'hidden',
    scrollbarWidth: 'none',
    borderBottom: '1px solid var(--bui-border-1)',
    '& a': {
      flex: 'none',
      padding: '6px 0',
      borderBottom: '2px solid transparent',
      color: QUIET_COLOR,
      textDecoration: 'none',
      whiteSpace: 'nowrap',
    },
    '& a:hover': { color: 'var(--bui-fg-primary)' },
    '& a:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: -2,
    },
    '& a[aria-current="page"]': {
      borderBottomColor: 'var(--bui-fg-primary)',
      color: 'var(--bui-fg-primary)',
    },
  },
});

/** The views of an object, each with its address. */
export function ObjectTabs(props: {
  target: ResourceRef;
  tabs: readonly ObjectTab[];
  shown: ObjectTab;
}) {
  const { target, tabs, shown } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const links = useLinks();
  return (
    <nav className={classes.root} aria-label={t('object.tabs.label')}>
      {tabs.map(tab => (
        <Link
          key={tab}
          to={links.object(target, tab)}
          aria-current={tab === shown ? 'page' : undefined}
        >
          {t(`object.tabs.${tab}`)}
        </Link>
      ))}
    </nav>
  );
}
