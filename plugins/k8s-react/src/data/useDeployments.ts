import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '../stream/StreamEvent';
import { applyRows } from './applyRows';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';

type Deployment = Schema<'Deployment'>;

/** Which deployments, in which order. @public */
export interface DeploymentFilter {
  namespace?: string;
  search?: string;
  labelSelector?: string;
  sort?:
    | 'name'
    | '-name'
    | 'namespace'
    | '-namespace'
    | 'ready'
    | '-ready'
    | 'age'
    | '-age';
  limit?: number;
  /** Where the last page ended. */
  continue?: string;
}

/** A page of deployments. @public */
export interface DeploymentPage {
  deployments: Deployment[];
  /** Rows on all pages. */
  total: number;
  continue?: string;
  cache: CacheState;
}

const keyOf = ({ namespace, name }: Deployment) => `${namespace}/${name}`;

/**
 * A page of a cluster's deployments, filtered, sorted and paged by the server; live. Rows that are on it are changed in
 * place; when others come or go the page is read again.
 *
 * @public
 */
export function useDeployments(id: string, filter: DeploymentFilter) {
  return useLiveQuery<DeploymentPage>({
    queryKey: queryKeys.deployments(id, filter),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/deployments', {
          params: { path: { id }, query: filter },
          signal,
        }),
      ),
    topic: {
      topic: 'deployments',
      cluster: id,
      namespace: filter.namespace,
    },
    apply: (page, changes, { first }) => {
      const known = new Set(page.deployments.map(keyOf));
      const rows = changes.upserted as Deployment[];
      const others = rows.filter(row => !known.has(keyOf(row)));
      const applied = applyRows(
        page.deployments,
        { ...changes, upserted: rows.filter(row => known.has(keyOf(row))) },
        { keyOf, compare: () => 0, first },
      );
      const isWhole =
        page.total === page.deployments.length &&
        !filter.search &&
        !filter.labelSelector;
      // All rows at the start name what is on other pages too; later a row that is not on this page may belong on it.
      const unknown = first ? isWhole && others.length > 0 : others.length > 0;
      const gone = !first && changes.deleted.length > 0;
      return {
        data: {
          ...page,
          deployments: applied.rows,
          cache: changes.cache ?? page.cache,
        },
        readAgain: unknown || gone || applied.missing > 0,
      };
    },
  });
}

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
        one => keyOf(one) === `${namespace}/${name}`,
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
