import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  GuardedButton,
  RelativeTime,
  StatusLabel,
} from '@backstage-k8s/plugin-k8s-react';
import type {
  AccessReview,
  ResourceColumn,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo, useRef } from 'react';
import { Link } from 'react-router-dom';
import { LabelList } from '../pages/LabelList';
import { DEPLOYMENTS, useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { editableLabels } from './namespaceChanges';
import type { Namespace } from './namespaceChanges';

/** The columns of the namespaces' table. */
export function useNamespaceColumns(options: {
  cluster: string;
  onEdit: (namespace: Namespace) => void;
  onDelete: (namespace: Namespace) => void;
}): ResourceColumn<Namespace>[] {
  const { cluster } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const latest = useRef(options);
  latest.current = options;
  return useMemo<ResourceColumn<Namespace>[]>(() => {
    const review = (
      action: AccessReview['action'],
      name: string,
    ): AccessReview[] => [
      { action, cluster, group: '', plural: 'namespaces', name },
    ];
    return [
      {
        id: 'name',
        title: t('namespaces.name'),
        weight: 2,
        sortValue: ({ name }) => name,
        cell: ({ name }) => (
          <Link to={links.kind(cluster, { ...DEPLOYMENTS, namespace: name })}>
            {name}
          </Link>
        ),
      },
      {
        id: 'status',
        title: t('clusters.status'),
        sortValue: ({ status }) => status,
        cell: ({ status }) => (
          <StatusLabel tone={status === 'Active' ? 'good' : 'progress'}>
            {status}
          </StatusLabel>
        ),
      },
      {
        id: 'kind',
        title: t('namespaces.kind'),
        sortValue: ({ system }) => (system ? 1 : 0),
        cell: ({ system }) => system && t('namespaces.system'),
      },
      {
        id: 'labels',
        title: t('namespaces.labels'),
        weight: 3.5,
        cell: ({ labels }) => <LabelList labels={editableLabels(labels)} />,
      },
      {
        id: 'age',
        title: t('node.age'),
        weight: 0.8,
        sortValue: ({ createdAt }) => -Date.parse(createdAt),
        cell: ({ createdAt }) => (
          <RelativeTime at={createdAt} format="duration" />
        ),
      },
      {
        id: 'actions',
        title: t('common.actions'),
        weight: 2.2,
        align: 'end',
        phone: true,
        cell: namespace => (
          <>
            <GuardedButton
              size="small"
              variant="tertiary"
              aria-label={t('namespaces.editLabel', { name: namespace.name })}
              reviews={review('resource.update', namespace.name)}
              onPress={() => latest.current.onEdit(namespace)}
            >
              {t('namespaces.edit')}
            </GuardedButton>
            <GuardedButton
              size="small"
              variant="tertiary"
              aria-label={t('namespaces.deleteLabel', { name: namespace.name })}
              reviews={review('resource.delete', namespace.name)}
              onPress={() => latest.current.onDelete(namespace)}
            >
              {t('common.delete')}
            </GuardedButton>
          </>
        ),
      },
    ];
  }, [t, links, cluster]);
}
