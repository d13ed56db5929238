import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyableText, RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { RowMenu } from '../resources/RowMenu';
import type { MenuRow, RowAction } from '../resources/RowMenu';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { Deployment } from './deploymentFacts';
import { mainVersion, shortImage } from './deploymentFacts';
import { RolloutLabel } from './RolloutLabel';

/** The columns of a cluster's deployments. */
export function useDeploymentColumns(options: {
  /** Cluster id. */
  cluster: string;
  kind: Kind;
  onAction: (action: RowAction, row: MenuRow) => void;
}): ResourceColumn<Deployment>[] {
  const { cluster, kind, onAction } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo<ResourceColumn<Deployment>[]>(
    () => [
      {
        id: 'name',
        title: t('deployments.name'),
        weight: 2,
        sortable: true,
        cell: row => (
          <Link to={links.deployment(cluster, row)} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'namespace',
        title: t('deployments.namespace'),
        weight: 1.6,
        sortable: true,
        cell: ({ namespace }) => namespace,
      },
      {
        id: 'ready',
        title: t('deployments.ready'),
        weight: 0.9,
        align: 'end',
        sortable: true,
        phone: true,
        cell: ({ ready, replicas }) => `${ready}/${replicas}`,
      },
      {
        id: 'rollout',
        title: t('deployments.rollout'),
        weight: 4,
        phone: true,
        cell: ({ rollout }) => <RolloutLabel rollout={rollout} />,
      },
      {
        id: 'version',
        title: t('deployments.version'),
        weight: 1.4,
        cell: ({ containers }) => {
          const version = mainVersion(containers);
          return <span title={version}>{version}</span>;
        },
      },
      {
        id: 'image',
        title: t('deployments.image'),
        weight: 2.6,
        optional: true,
        cell: ({ containers }) =>
          containers.length > 0 && (
            <CopyableText
              text={containers[0].image}
              what={t('deployments.image')}
            >
              {shortImage(containers[0].image)}
            </CopyableText>
          ),
      },
      {
        id: 'restarts',
        title: t('deployments.restarts'),
        weight: 1.1,
        align: 'end',
        cell: ({ restarts }) => restarts,
      },
      {
        id: 'revision',
        title: t('deployments.revision'),
        weight: 0.8,
        align: 'end',
        optional: true,
        cell: ({ revision }) => revision,
      },
      {
        id: 'age',
        title: t('node.age'),
        weight: 0.9,
        sortable: true,
        cell: ({ createdAt }) => (
          <RelativeTime at={createdAt} format="duration" />
        ),
      },
      {
        id: 'actions',
        title: t('common.actions'),
        hiddenTitle: true,
        weight: 0.6,
        align: 'end',
        phone: true,
        cell: ({ namespace, name, rollout }) => (
          <RowMenu
            kind={kind}
            row={{
              ...{ cluster, namespace, name },
              health: {
                state: rollout.state === 'paused' ? 'suspended' : 'healthy',
              },
            }}
            onAction={onAction}
          />
        ),
      },
    ],
    [t, links, cluster, kind, onAction],
  );
}
