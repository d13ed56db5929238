import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { useClusters, useUrlState } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useSearchPageStyles } from './useSearchPageStyles';

const ALL = 'all';

/** The one cluster that is searched, or all; in the address. */
export function SearchClusterChoice() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchPageStyles();
  const clusters = useClusters();
  const [cluster, setCluster] = useUrlState('cluster', { push: true });
  return (
    <Select
      className={classes.select}
      size="small"
      aria-label={t('search.cluster')}
      options={[
        { id: ALL, label: t('search.allClusters') },
        ...(clusters.data ?? []).map(({ id, name }) => ({ id, label: name })),
      ]}
      value={cluster || ALL}
      onChange={key => setCluster(key === ALL ? '' : String(key))}
    />
  );
}
