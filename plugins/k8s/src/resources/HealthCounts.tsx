import type { ResourceHealth } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ResourceHealthLabel,
  k8sReactTranslationRef,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** What is worth a word; that all is well is not. */
const TOLD = ['degraded', 'progressing', 'suspended'] as const;

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignSelf: 'center',
    alignItems: 'center',
    gap: 'var(--bui-space-3)',
    padding: 0,
    border: 0,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    fontSize: 13,
    cursor: 'pointer',
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
});

/** How many objects of a list are not well; a press sorts them to its top. Nothing where all are. */
export function HealthCounts(props: {
  counts?: Readonly<Partial<Record<string, number>>>;
  onSort: () => void;
}) {
  const { counts = {}, onSort } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const { t: tReact } = useTranslationRef(k8sReactTranslationRef);
  const classes = useStyles();
  const told = TOLD.filter(state => counts[state]);
  if (told.length === 0) return null;
  const healthOf = (state: ResourceHealth['state']): ResourceHealth => ({
    state,
    word: t('resources.inState', {
      amount: String(counts[state]),
      state: tReact(`health.${state}`),
    }),
  });
  return (
    <button
      type="button"
      className={classes.root}
      title={t('resources.troubleFirst')}
      onClick={onSort}
    >
      {told.map(state => (
        <ResourceHealthLabel key={state} health={healthOf(state)} />
      ))}
    </button>
  );
}
