import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EmptyState } from '@backstage-k8s/plugin-k8s-react';
import { CodeBlock } from '../pages/CodeBlock';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** No workload of the service was found: what joins them, ready to copy. */
export function ServiceEmpty({ entity }: { entity: Entity }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { annotations = {}, name } = entity.metadata;
  const selector = annotations[ANNOTATION_KUBERNETES_LABEL_SELECTOR];
  const id = annotations[ANNOTATION_KUBERNETES_ID];
  if (!selector && !id) {
    return (
      <EmptyState
        title={t('service.unjoinedTitle')}
        description={t('service.unjoinedText')}
      >
        <CodeBlock
          label={t('service.annotation')}
          text={`metadata:\n  annotations:\n    ${ANNOTATION_KUBERNETES_ID}: ${name}`}
        />
      </EmptyState>
    );
  }
  const labels = selector
    ? selector.split(',').map(part => part.trim().replace(/==?/, ': '))
    : [`${ANNOTATION_KUBERNETES_ID}: ${id}`];
  return (
    <EmptyState
      title={t('service.emptyTitle')}
      description={t('service.emptyText')}
    >
      <CodeBlock
        label={t('service.labels')}
        text={`metadata:\n  labels:\n${labels
          .map(label => `    ${label}`)
          .join('\n')}`}
      />
    </EmptyState>
  );
}
