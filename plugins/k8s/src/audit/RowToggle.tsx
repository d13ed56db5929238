import { makeStyles } from '@material-ui/core/styles';
import ClosedIcon from '@material-ui/icons/ChevronRight';
import OpenIcon from '@material-ui/icons/ExpandMore';

const useStyles = makeStyles({
  toggle: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    marginInlineEnd: 4,
    padding: 0,
    border: 0,
    borderRadius: 4,
    background: 'none',
    color: 'var(--bui-fg-secondary)',
    cursor: 'pointer',
    '& svg': { fontSize: 18 },
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
});

/** Shows and hides the details of a row. */
export function RowToggle(props: {
  isOpen: boolean;
  /** Of the element that has the details while they are shown. */
  detailsId: string;
  label: string;
  onToggle: () => void;
}) {
  const { isOpen, detailsId, label, onToggle } = props;
  const classes = useStyles();
  return (
    <button
      type="button"
      className={classes.toggle}
      aria-expanded={isOpen}
      aria-controls={isOpen ? detailsId : undefined}
      aria-label={label}
      onClick={onToggle}
    >
      {isOpen ? <OpenIcon aria-hidden /> : <ClosedIcon aria-hidden />}
    </button>
  );
}
