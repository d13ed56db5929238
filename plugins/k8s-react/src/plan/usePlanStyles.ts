import { makeStyles } from '@material-ui/core/styles';
import { QUIET_COLOR } from '../components/quietColor';

/** How the plan dialog looks. */
export const usePlanStyles = makeStyles({
  steps: {
    display: 'flex',
    gap: 'var(--bui-space-4)',
    margin: '0 0 var(--bui-space-3)',
    padding: 0,
    listStyle: 'none',
    fontSize: 12,
    color: QUIET_COLOR,
    '& li[aria-current]': { color: 'var(--bui-fg-primary)', fontWeight: 600 },
  },
  target: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-1) var(--bui-space-5)',
    margin: '0 0 var(--bui-space-3)',
    fontSize: 13,
    '& div': { display: 'flex', gap: 6 },
    '& dt': { color: QUIET_COLOR },
    '& dd': { margin: 0, fontWeight: 500 },
  },
  everywhere: { marginTop: 'var(--bui-space-4)' },
  clusters: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-2)',
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  cluster: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: 'var(--bui-space-1) var(--bui-space-4)',
    minHeight: 28,
  },
  clusterState: { display: 'flex', gap: 'var(--bui-space-4)' },
  clusterName: { fontWeight: 500 },
  // Below the name of its cluster, past the checkbox.
  note: {
    marginInlineStart: 28,
    '& summary': { cursor: 'pointer', fontSize: 12, marginBottom: 4 },
  },
  quiet: { fontSize: 12, color: QUIET_COLOR },
  // So that Enter goes on; for the layout it is not there.
  form: { display: 'contents' },
  hint: {
    marginInlineEnd: 'auto',
    alignSelf: 'center',
    fontSize: 12,
    color: QUIET_COLOR,
  },
  stack: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-3)',
    '& p': { margin: 0 },
  },
});
