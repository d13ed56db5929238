import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** The part of the capacity from which on it gets tight. */
const TIGHT = 0.9;

const useStyles = makeStyles({
  root: { display: 'flex', alignItems: 'center', gap: 6, minWidth: 0 },
  track: {
    position: 'relative',
    flex: '1 1 20px',
    minWidth: 16,
    height: 8,
    borderRadius: 2,
    background: 'color-mix(in srgb, var(--bui-fg-primary) 12%, transparent)',
    overflow: 'hidden',
  },
  requested: {
    position: 'absolute',
    inset: '0 auto 0 0',
    background: 'var(--bui-fg-announcement)',
    opacity: 0.6,
  },
  tight: { background: 'var(--bui-fg-warning)', opacity: 1 },
  used: {
    position: 'absolute',
    top: 3,
    bottom: 3,
    left: 0,
    background: 'var(--bui-fg-primary)',
  },
  text: { flex: 'none' },
});

/** What is requested (and, where it is known, used) of a capacity, as bar and numbers. */
export function UsageBar(props: {
  requested?: number;
  used?: number;
  /** Absent: not known, then only the number is shown. */
  capacity?: number;
  format: (value: number) => string;
}) {
  const { requested, used, capacity, format } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  if (capacity === undefined) return null;
  const part = (value: number) => Math.min(1, capacity ? value / capacity : 0);
  const isTight = requested !== undefined && part(requested) >= TIGHT;
  const words = [
    requested !== undefined &&
      t('node.requested', { amount: format(requested) }),
    used !== undefined && t('node.used', { amount: format(used) }),
    t('node.capacity', { amount: format(capacity) }),
  ];
  return (
    <span className={classes.root} title={words.filter(Boolean).join('\n')}>
      <span className={classes.track} aria-hidden>
        <span
          className={`${classes.requested} ${isTight ? classes.tight : ''}`}
          style={{ width: `${100 * part(requested ?? 0)}%` }}
        />
        {used !== undefined && (
          <span
            className={classes.used}
            style={{ width: `${100 * part(used)}%` }}
          />
        )}
      </span>
      <span className={classes.text}>
        {requested === undefined ? '' : `${format(requested)} / `}
        {format(capacity)}
      </span>
    </span>
  );
}
