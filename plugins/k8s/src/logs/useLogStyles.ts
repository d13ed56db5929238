import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';

/** Pixels. */
export const LINE_HEIGHT = 20;

/** What the parts of a log share. */
export const useLogStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-2)',
    minWidth: 0,
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--bui-space-2) var(--bui-space-3)',
  },
  // Twice the class, since the fields' own style is loaded later.
  search: { '&&': { width: 220, flex: 'none' } },
  choice: { '&&': { width: 170, flex: 'none' } },
  count: {
    marginInlineStart: 'auto',
    color: QUIET_COLOR,
    fontVariantNumeric: 'tabular-nums',
  },
  frame: { position: 'relative' },
  scroller: {
    height: 'calc(100vh - 380px)',
    minHeight: 240,
    overflow: 'auto',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-app)',
    color: 'var(--bui-fg-primary)',
    fontFamily: 'monospace',
    fontSize: 12,
    lineHeight: `${LINE_HEIGHT}px`,
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
  space: { position: 'relative', minWidth: '100%', width: 'max-content' },
  spaceWrapped: { position: 'relative', width: '100%' },
  line: {
    position: 'absolute',
    insetInlineStart: 0,
    top: 0,
    minWidth: '100%',
    display: 'flex',
    gap: 8,
    padding: '0 8px',
    '&:hover': { background: 'var(--bui-bg-neutral-1)' },
  },
  time: { flex: 'none', color: QUIET_COLOR, userSelect: 'none' },
  pod: { flex: 'none', maxWidth: 200, overflow: 'hidden' },
  text: { whiteSpace: 'pre', unicodeBidi: 'plaintext' },
  textWrapped: {
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    minWidth: 0,
    unicodeBidi: 'plaintext',
  },
  fold: {
    flex: 'none',
    width: 18,
    height: LINE_HEIGHT,
    padding: 0,
    border: 0,
    background: 'none',
    color: 'inherit',
    cursor: 'pointer',
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
  match: {
    background: theme.palette.type === 'dark' ? '#7a5b00' : '#ffe48a',
    color: 'inherit',
    borderRadius: 2,
  },
  newest: { position: 'absolute', insetInlineEnd: 24, bottom: 16 },
  note: { margin: 0, color: QUIET_COLOR },
}));
