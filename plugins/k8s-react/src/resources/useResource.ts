import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from '../data/queryKeys';
import { unwrap } from '../data/unwrap';
import { useLiveQuery } from '../data/useLiveQuery';
import type { CacheState } from '../stream/StreamEvent';
import { groupSegment, resourcePath } from './ResourceRef';
import type { ResourceRef } from './ResourceRef';
import { resourceKey } from './ResourceRows';

type Row = Schema<'ResourceRow'>;

/** One object, whole. @public */
export interface ResourceDetail {
  object: KubernetesObject;
  columns: readonly Schema<'ResourceColumn'>[];
  row: Row;
  /** Who set which fields. */
  owners: readonly Schema<'FieldOwner'>[];
  cache: CacheState;
  /** It was deleted since; this is how it was last. */
  isGone?: boolean;
}

/** One object of any kind; read again when its row changes. @public */
export function useResource(ref: ResourceRef) {
  const { cluster, group, plural, namespace, name } = ref;
  return useLiveQuery<ResourceDetail>({
    queryKey: [...queryKeys.resource(ref), 'detail'],
    read: async ({ client }, signal) => {
      const { object, ...rest } = unwrap(
        await client.GET(
          '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}',
          { params: { path: resourcePath(ref) }, signal },
        ),
      );
      return { ...rest, object: object as KubernetesObject };
    },
    topic: {
      topic: 'resources',
      cluster,
      group: groupSegment(group),
      plural,
      namespace,
      name,
    },
    apply: (detail, changes) => {
      const key = resourceKey({ namespace, name });
      const row = (changes.upserted as Row[]).find(
        one => resourceKey(one) === key,
      );
      const isNews = row && row.resourceVersion !== detail.row.resourceVersion;
      const cache = changes.cache ?? detail.cache;
      return row
        ? { data: { ...detail, row, cache, isGone: false }, readAgain: isNews }
        : {
            data: {
              ...detail,
              cache,
              isGone: detail.isGone || changes.deleted.includes(key),
            },
          };
    },
    onReset: 'read',
  });
}
