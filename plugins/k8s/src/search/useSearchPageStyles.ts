import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';

/** How the page of results looks. */
export const useSearchPageStyles = makeStyles({
  title: {
    margin: 0,
    fontSize: 'var(--bui-font-size-5)',
    overflowWrap: 'anywhere',
  },
  kinds: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 6,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  kind: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: 6,
    height: 28,
    padding: '0 10px',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 14,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    fontSize: 13,
    cursor: 'pointer',
    '& svg': { fontSize: 15, color: QUIET_COLOR },
    '&:hover': { background: 'var(--bui-bg-neutral-2)' },
    '&:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: 1,
    },
    '&[aria-pressed="true"]': {
      borderColor: 'var(--bui-fg-announcement)',
      boxShadow: 'inset 0 0 0 1px var(--bui-fg-announcement)',
      background: 'var(--bui-bg-neutral-2)',
      fontWeight: 600,
    },
  },
  trouble: { display: 'inline-flex', '& svg': { fontSize: 14 } },
  count: { color: QUIET_COLOR, fontVariantNumeric: 'tabular-nums' },
  quiet: {
    margin: 'var(--bui-space-2) 0 0',
    color: QUIET_COLOR,
    fontSize: 13,
  },
  outdated: { opacity: 0.6 },
  select: { '&&': { maxWidth: 220 } },
  match: {
    fontFamily: 'var(--bui-font-monospace)',
    fontSize: 12,
  },
});
