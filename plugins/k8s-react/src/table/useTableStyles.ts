import { makeStyles } from '@material-ui/core/styles';
import { QUIET_COLOR } from '../components/quietColor';

/** Pixels; what makes, below the head of a page, about 35 rows of a screen of 1080. */
export const ROW_HEIGHT = 24;

/** Pixels, where a finger needs more room than a pointer. */
export const PHONE_ROW_HEIGHT = 36;

/** Where there is room for a few columns only. */
export const PHONE = '(max-width: 700px)';

/** Most of a long text, without a row that fills the screen. */
export const FEW_LINES = {
  display: '-webkit-box',
  overflow: 'hidden',
  whiteSpace: 'normal',
  '-webkit-box-orient': 'vertical',
  '-webkit-line-clamp': 3,
} as const;

/** How a ResourceTable looks. */
export const useTableStyles = makeStyles({
  toolbar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: 'var(--bui-space-2)',
    marginBottom: 'var(--bui-space-2)',
  },
  // Twice the class, since the field's own style is loaded later.
  search: {
    '&&': { flex: '1 1 140px', maxWidth: 240 },
    [`@media ${PHONE}`]: { '&&': { flexBasis: '100%', maxWidth: 'none' } },
  },
  // Together at the end of the line, on whichever line they have room.
  end: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-2)',
    marginInlineStart: 'auto',
  },
  count: {
    alignSelf: 'center',
    color: QUIET_COLOR,
    fontSize: 'var(--bui-font-size-2)',
    whiteSpace: 'nowrap',
  },
  frame: {
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
    overflow: 'hidden',
  },
  scroller: {
    overflowY: 'auto',
    maxHeight: 'calc(100vh - 230px)',
    // Rows that are not there are reckoned with: all are of one height.
    [`@media ${PHONE}`]: { '& tr td, & tr td span': { whiteSpace: 'nowrap' } },
  },
  table: {
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    fontSize: 13,
    lineHeight: '20px',
  },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    background: 'var(--bui-bg-neutral-2)',
    '& th': {
      height: 30,
      padding: '0 8px',
      textAlign: 'start',
      fontWeight: 600,
      fontSize: 12,
      color: 'var(--bui-fg-primary)',
      borderBottom: '1px solid var(--bui-border-1)',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
  },
  sort: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: 2,
    padding: 0,
    border: 0,
    background: 'none',
    font: 'inherit',
    color: 'inherit',
    cursor: 'pointer',
    '& svg': { fontSize: 14 },
    '&:hover': { color: 'var(--bui-fg-primary)' },
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
  row: {
    height: ROW_HEIGHT,
    transition: 'background-color 1s',
    '& td': {
      padding: '0 8px',
      borderBottom: '1px solid var(--bui-border-1)',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    // Nothing hovers there, so that what is cut off could not be read.
    [`@media ${PHONE}`]: {
      height: PHONE_ROW_HEIGHT,
      '& td': {
        padding: '4px 8px',
        whiteSpace: 'normal',
        overflowWrap: 'anywhere',
      },
      // Text of its own; labels know themselves.
      '& td > span:not([class])': FEW_LINES,
    },
    '&:last-child td': { borderBottom: 0 },
    '&:hover': { background: 'var(--bui-bg-neutral-2)' },
    // Buttons in a row must not make it higher.
    '& td button[class*="bui-Button"]': { height: 22, fontSize: 12 },
    '&:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: -2,
    },
    '& a:not([class*="bui-"])': {
      color: 'inherit',
      fontWeight: 500,
      textDecoration: 'none',
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
    },
  },
  opens: { cursor: 'pointer' },
  selected: {
    background: 'var(--bui-bg-neutral-2)',
    boxShadow: 'inset 3px 0 0 var(--bui-fg-announcement)',
  },
  changed: {
    background: 'var(--bui-announcement-bg-subdued)',
    transition: 'none',
  },
  details: {
    '& > td': {
      padding: 'var(--bui-space-3) var(--bui-space-4)',
      borderBottom: '1px solid var(--bui-border-1)',
      boxShadow: 'inset 3px 0 0 var(--bui-fg-announcement)',
    },
  },
  group: {
    height: ROW_HEIGHT,
    background: 'var(--bui-bg-neutral-2)',
    '& th': {
      padding: '0 8px',
      textAlign: 'start',
      fontWeight: 600,
      borderBottom: '1px solid var(--bui-border-1)',
    },
  },
  nothing: { padding: 'var(--bui-space-5)', color: QUIET_COLOR },
  more: { padding: 'var(--bui-space-2)', textAlign: 'center' },
});
