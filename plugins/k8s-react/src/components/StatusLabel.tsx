import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/CheckCircleOutlined';
import ErrorIcon from '@material-ui/icons/CancelOutlined';
import PauseIcon from '@material-ui/icons/PauseCircleOutline';
import ProgressIcon from '@material-ui/icons/Autorenew';
import UnknownIcon from '@material-ui/icons/HelpOutline';
import UnreachableIcon from '@material-ui/icons/CloudOffOutlined';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import type { ReactNode } from 'react';
import { FEW_LINES, PHONE } from '../table/useTableStyles';
import { QUIET_COLOR } from './quietColor';

/** What a status looks like, whatever it is called. @public */
export type StatusTone =
  | 'good'
  | 'warning'
  | 'bad'
  | 'away'
  | 'progress'
  | 'paused'
  | 'neutral';

const ICONS = {
  good: CheckIcon,
  warning: WarningIcon,
  bad: ErrorIcon,
  away: UnreachableIcon,
  progress: ProgressIcon,
  paused: PauseIcon,
  neutral: UnknownIcon,
};

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: 6,
    minWidth: 0,
    maxWidth: '100%',
    '& svg': { fontSize: 16, flex: 'none' },
  },
  text: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    // Nothing hovers on a phone, so that what is cut off could not be read.
    [`@media ${PHONE}`]: FEW_LINES,
  },
  wrap: { whiteSpace: 'normal' },
  // The icon carries the colour: as words these colours are too faint on one of the two themes.
  good: { '& svg': { color: 'var(--bui-fg-positive)' } },
  warning: { '& svg': { color: 'var(--bui-fg-warning)' } },
  bad: { fontWeight: 600, '& svg': { color: 'var(--bui-fg-negative)' } },
  away: { fontWeight: 600, '& svg': { color: 'var(--bui-fg-negative)' } },
  progress: { '& svg': { color: 'var(--bui-fg-announcement)' } },
  paused: { color: QUIET_COLOR },
  neutral: { color: QUIET_COLOR },
});

/** A status as icon, word and colour; healthy ones are quiet. @public */
export function StatusLabel(props: {
  tone: StatusTone;
  children: ReactNode;
  /** Shown in full on hover when it is cut off. */
  title?: string;
  /** Whether long text goes over several lines. */
  wrap?: boolean;
}) {
  const classes = useStyles();
  const { tone, title, children, wrap } = props;
  const Icon = ICONS[tone];
  return (
    <span className={`${classes.root} ${classes[tone]}`} title={title}>
      <Icon aria-hidden />
      <span className={wrap ? classes.wrap : classes.text}>{children}</span>
    </span>
  );
}
