import { Skeleton } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  DiffView,
  ErrorPanel,
  useRevisions,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** What differs between the pod templates of two revisions, which are read only for this: they are large. */
export function RevisionDiff(props: {
  target: ResourceRef;
  /** Name of the cluster, for people. */
  cluster: string;
  /** Numbers of revisions. */
  older: number;
  newer: number;
}) {
  const { target, cluster, older, newer } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data, error, isFetching, refetch } = useRevisions(target);
  const templateOf = (wanted: number) =>
    data?.find(({ revision }) => revision === wanted)?.template;
  const before = templateOf(older);
  const after = templateOf(newer);
  if (before && after) return <DiffView before={before} after={after} />;
  if (error) {
    return (
      <ErrorPanel
        error={error}
        what={t('deployments.revisions')}
        cluster={cluster}
        onRetry={() => refetch()}
      />
    );
  }
  if (data && !isFetching)
    return <p className={classes.quiet}>{t('revisions.gone')}</p>;
  // Also while they are read again: one of them may have come just now.
  return <Skeleton height={120} />;
}
