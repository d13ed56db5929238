import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ErrorPanel, useRelated } from '@backstage-k8s/plugin-k8s-react';
import { LoadingBlock } from '../pages/LoadingBlock';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectTabProps } from './ObjectTabContent';
import { RelatedDiagram } from './RelatedDiagram';
import { RelatedList } from './RelatedList';

/** What an object owns, selects, mounts, routes to or is ruled by, two steps deep; each can be walked to. */
export function ObjectRelated({ cluster, target }: ObjectTabProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data, error, refetch } = useRelated(target);
  if (error && !data) {
    return (
      <ErrorPanel
        error={error}
        what={t('object.tabs.related')}
        cluster={cluster.name}
        onRetry={() => refetch()}
      />
    );
  }
  if (!data) return <LoadingBlock />;
  if (data.edges.length === 0) {
    return <p className={classes.quiet}>{t('object.noRelated')}</p>;
  }
  return (
    <div className={classes.stack}>
      {data.truncated && (
        <p className={classes.quiet}>{t('object.relatedTruncated')}</p>
      )}
      <RelatedDiagram cluster={cluster.id} graph={data} />
      <Section title={t('object.asList')}>
        <RelatedList cluster={cluster.id} graph={data} />
      </Section>
    </div>
  );
}
