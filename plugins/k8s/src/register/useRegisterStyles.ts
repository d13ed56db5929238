import { makeStyles } from '@material-ui/core/styles';

/** How the register wizard looks. */
export const useRegisterStyles = makeStyles({
  wizard: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-5)',
    maxWidth: 860,
    minWidth: 0,
    margin: 0,
    padding: 0,
    border: 0,
  },
  refused: { opacity: 0.55 },
  steps: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-2) var(--bui-space-5)',
    margin: 0,
    padding: 0,
    listStyle: 'none',
    color: 'var(--bui-fg-secondary)',
    '& li': { display: 'flex', alignItems: 'center', gap: 8 },
    '& li[aria-current]': { color: 'var(--bui-fg-primary)', fontWeight: 600 },
  },
  number: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: 24,
    height: 24,
    borderRadius: '50%',
    border: '1px solid var(--bui-border-2)',
    fontSize: 12,
    '& svg': { fontSize: 16 },
    // Filled with the colour of the text, which every theme has.
    'li[aria-current] &': {
      borderColor: 'var(--bui-fg-primary)',
      background: 'var(--bui-fg-primary)',
      color: 'var(--bui-bg-app)',
    },
  },
  heading: {
    margin: 0,
    fontSize: 'var(--bui-font-size-5)',
    fontWeight: 600,
    '&:focus': { outline: 'none' },
    '&:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: 4,
    },
  },
  stack: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-4)',
    minWidth: 0,
    '& p': { margin: 0 },
  },
  quiet: { color: 'var(--bui-fg-secondary)', fontSize: 13, margin: 0 },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--bui-space-2)',
  },
  drop: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-2)',
    '& textarea': { fontFamily: 'var(--bui-font-monospace)', fontSize: 12 },
  },
  dropping: {
    outline: '2px dashed var(--bui-ring)',
    outlineOffset: 6,
    borderRadius: 'var(--bui-radius-2)',
  },
  monospace: {
    '& textarea, & input': {
      fontFamily: 'var(--bui-font-monospace)',
      fontSize: 12,
    },
  },
  checks: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    '& li': {
      display: 'grid',
      gridTemplateColumns: '90px 100px minmax(0, 1fr)',
      gap: '2px var(--bui-space-3)',
      alignItems: 'start',
      padding: '8px 12px',
      borderBottom: '1px solid var(--bui-border-1)',
      overflowWrap: 'anywhere',
    },
    '& li:last-child': { borderBottom: 0 },
    '@media (max-width: 700px)': {
      '& li': { gridTemplateColumns: 'minmax(0, 1fr)' },
    },
  },
  fix: {
    display: 'block',
    marginTop: 4,
    paddingInlineStart: 8,
    borderInlineStart: '3px solid var(--bui-border-2)',
  },
});
