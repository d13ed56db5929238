import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

/** Terms and values; what is not there is left out. */
export type Facts = readonly (
  | readonly [term: string, value: ReactNode]
  | ''
  | undefined
)[];

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: '4px var(--bui-space-4)',
    margin: '0 0 var(--bui-space-3)',
    // A row of a table, in which they are shown, keeps texts in one line.
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
    '& dt': { color: 'var(--bui-fg-secondary)' },
    '& dd': { margin: 0 },
  },
});

/** What is known of a change, below its row; the same term may come several times. */
export function DetailFacts({ facts }: { facts: Facts }) {
  const classes = useStyles();
  const known = facts.flatMap(fact => (fact ? [fact] : []));
  return (
    <dl className={classes.facts}>
      {known.map(([term, value], index) => [
        // eslint-disable-next-line react/no-array-index-key -- several facts may have one term, and their order does not change
        <dt key={`term ${index}`}>{term}</dt>,
        // eslint-disable-next-line react/no-array-index-key -- as above
        <dd key={`value ${index}`}>{value}</dd>,
      ])}
    </dl>
  );
}
