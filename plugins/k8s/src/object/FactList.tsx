import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: 'var(--bui-space-1) var(--bui-space-5)',
    margin: 0,
    fontSize: 13,
    lineHeight: '20px',
    '& dt': { color: QUIET_COLOR },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  },
});

/** Facts as terms and values; what has no value is left out. */
export function FactList(props: {
  facts: readonly (readonly [term: string, value: ReactNode])[];
}) {
  const classes = useStyles();
  return (
    <dl className={classes.root}>
      {props.facts
        .filter(
          ([, value]) => value !== undefined && value !== null && value !== '',
        )
        .map(([term, value]) => [
          <dt key={`${term} term`}>{term}</dt>,
          <dd key={term}>{value}</dd>,
        ])}
    </dl>
  );
}
