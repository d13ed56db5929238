import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import { useClusters, useUrlState } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { OUTCOMES, PERIODS } from './auditFilter';

const ALL = '*';

const useStyles = makeStyles({ field: { width: 150 } });

function Choice(props: {
  name: string;
  label: string;
  options: { id: string; label: string }[];
}) {
  const { name, label, options } = props;
  const classes = useStyles();
  const [value, setValue] = useUrlState(name);
  return (
    <Select
      className={classes.field}
      size="small"
      aria-label={label}
      options={[{ id: ALL, label }, ...options]}
      value={value || ALL}
      onChange={key => setValue(key === ALL ? '' : String(key))}
    />
  );
}

/** A field whose text goes into the address on Enter and on leaving it. */
function Text(props: { name: string; label: string }) {
  const { name, label } = props;
  const classes = useStyles();
  const [value, setValue] = useUrlState(name);
  const [typed, setTyped] = useState(value);
  return (
    <TextField
      className={classes.field}
      size="small"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={setTyped}
      onBlur={() => setValue(typed.trim())}
      onKeyDown={event => event.key === 'Enter' && setValue(typed.trim())}
    />
  );
}

/** Who, what, which cluster, when, with what result; in the address. */
export function ChangeFilters({ withCluster }: { withCluster: boolean }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const clusters = useClusters();
  return (
    <>
      <Text name="actor" label={t('changes.who')} />
      <Text name="action" label={t('changes.what')} />
      {withCluster && (
        <Choice
          name="cluster"
          label={t('changes.allClusters')}
          options={(clusters.data ?? []).map(({ id, name }) => ({
            id,
            label: name,
          }))}
        />
      )}
      <Choice
        name="outcome"
        label={t('changes.allOutcomes')}
        options={OUTCOMES.map(id => ({
          id,
          label: t(`changes.outcome.${id}`),
        }))}
      />
      <Choice
        name="period"
        label={t('changes.ever')}
        options={(Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map(id => ({
          id,
          label: t(`changes.period.${id}`),
        }))}
      />
    </>
  );
}
