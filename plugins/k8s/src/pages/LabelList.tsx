import { makeStyles } from '@material-ui/core/styles';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    gap: 4,
    maxWidth: '100%',
    overflow: 'hidden',
    verticalAlign: 'middle',
  },
  wrap: { flexWrap: 'wrap' },
  label: {
    padding: '0 6px',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-full)',
    fontSize: 11,
    lineHeight: '18px',
    color: QUIET_COLOR,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
});

/** Labels as `key=value`; on one line their values, which say most, with all of them in its title. */
export function LabelList(props: {
  labels: Readonly<Record<string, string>>;
  wrap?: boolean;
}) {
  const classes = useStyles();
  const labels = Object.entries(props.labels);
  const words = labels.map(([key, value]) => `${key}=${value}`);
  return (
    <span
      className={`${classes.root} ${props.wrap ? classes.wrap : ''}`}
      title={words.join('\n')}
    >
      {labels.map(([key, value], index) => (
        <span key={key} className={classes.label}>
          {props.wrap || !value ? words[index] : value}
        </span>
      ))}
    </span>
  );
}
