import { makeStyles } from '@material-ui/core/styles';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';

/** What sections of pages share. */
export const useSectionStyles = makeStyles({
  stack: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-4)',
    minWidth: 0,
  },
  section: { minWidth: 0 },
  title: {
    display: 'flex',
    alignItems: 'center',
    gap: 'var(--bui-space-3)',
    margin: '0 0 var(--bui-space-2)',
    fontSize: 'var(--bui-font-size-4)',
    fontWeight: 600,
  },
  columns: {
    display: 'grid',
    gap: 'var(--bui-space-5)',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    '@media (max-width: 1100px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-2)',
    alignItems: 'center',
  },
  quiet: { color: QUIET_COLOR },
  form: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-4)',
    '& p': { margin: 0 },
  },
});
