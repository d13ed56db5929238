import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { useNamespaces } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const ALL = '*';

// Twice the class, since the field's own style is loaded later.
const useStyles = makeStyles({
  select: { '&&': { width: 180, flex: 'none' } },
});

/** Chooses a namespace of a cluster; empty: all. */
export function NamespaceSelect(props: {
  cluster: string;
  value: string;
  onChange: (namespace: string) => void;
}) {
  const { cluster, value, onChange } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data } = useNamespaces(cluster);
  const names = new Set(data?.rows.map(({ name }) => name));
  if (value) names.add(value);
  return (
    <Select
      className={classes.select}
      size="small"
      aria-label={t('namespaces.choose')}
      search={{ placeholder: t('namespaces.choose') }}
      options={[
        { id: ALL, label: t('namespaces.all') },
        ...[...names].sort().map(name => ({ id: name, label: name })),
      ]}
      value={value || ALL}
      onChange={key => onChange(key === ALL ? '' : String(key))}
    />
  );
}
