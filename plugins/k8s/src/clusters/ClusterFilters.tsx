import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { useUrlState } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterRow } from './ClusterRow';

const ALL = 'all';
const STATUSES = [
  'healthy',
  'degraded',
  'unhealthy',
  'unreachable',
  'unknown',
] as const;

// Twice the class, since the field's own style is loaded later.
const useStyles = makeStyles({ select: { '&&': { maxWidth: 220 } } });

function Choice(props: {
  name: string;
  label: string;
  none: string;
  values: readonly string[];
}) {
  const { name, label, none, values } = props;
  const classes = useStyles();
  const [value, setValue] = useUrlState(name);
  return (
    <Select
      className={classes.select}
      size="small"
      aria-label={label}
      options={[
        { id: ALL, label: none },
        ...values.map(one => ({ id: one, label: one })),
      ]}
      value={value || ALL}
      onChange={key => setValue(key === ALL ? '' : String(key))}
    />
  );
}

/** Status, label and grouping of the clusters' table, in the address. */
export function ClusterFilters(props: { rows: readonly ClusterRow[] }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const labels = props.rows.flatMap(({ cluster }) =>
    Object.entries(cluster?.labels ?? {}),
  );
  const unique = (values: string[]) => [...new Set(values)].sort();
  return (
    <>
      <Choice
        name="status"
        label={t('clusters.filterStatus')}
        none={t('clusters.allStatuses')}
        values={STATUSES}
      />
      <Choice
        name="label"
        label={t('clusters.filterLabel')}
        none={t('clusters.allLabels')}
        values={unique(labels.map(([key, value]) => `${key}=${value}`))}
      />
      <Choice
        name="group"
        label={t('clusters.groupBy')}
        none={t('clusters.noGroups')}
        values={unique(labels.map(([key]) => key))}
      />
    </>
  );
}
