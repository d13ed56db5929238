import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';
import { resourceKey } from '../resources/ResourceRows';

type Deployment = Schema<'Deployment'>;

/** One deployment with revisions, pods and events; read again when its row changes. @public */
export function useDeployment(
  id: string,
  options: { namespace: string; name: string },
) {
  const { namespace, name } = options;
  return useLiveQuery<Schema<'DeploymentDetail'>>({
    queryKey: queryKeys.deployment(id, namespace, name),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/deployments/{namespace}/{name}', {
          params: { path: { id, namespace, name } },
          signal,
        }),
      ),
    topic: { topic: 'deployments', cluster: id, namespace },
    apply: (detail, changes, { first }) => {
      const row = (changes.upserted as Deployment[]).find(
        one => resourceKey(one) === `${namespace}/${name}`,
      );
      const isNews = row && row.resourceVersion !== detail.resourceVersion;
      return {
        data: {
          ...detail,
          ...row,
          cache: changes.cache ?? detail.cache,
        },
        readAgain: first
          ? Boolean(isNews)
          : Boolean(row) || changes.deleted.includes(`${namespace}/${name}`),
      };
    },
  });
}
