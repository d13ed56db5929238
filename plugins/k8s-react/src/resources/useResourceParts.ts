/** What is read of an object, or of its kind, besides the object itself; where a page asks for it. */
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { k8sApiRef } from '../api/K8sApi';
import { queryKeys } from '../data/queryKeys';
import { unwrap } from '../data/unwrap';
import { useLiveQuery } from '../data/useLiveQuery';
import { groupSegment, kindPath, resourcePath } from './ResourceRef';
import type { ResourceRef } from './ResourceRef';

/** Milliseconds that a schema is believed: it changes with an upgrade of the cluster or of a CustomResourceDefinition. */
const SCHEMA_MS = 300_000;

/** The JSON schema of a kind, as the cluster publishes it. @public */
export function useKindSchema(cluster: string, type: ResourceType) {
  const { client } = useApi(k8sApiRef);
  return useQuery({
    queryKey: queryKeys.kindSchema(cluster, type),
    queryFn: async ({ signal }) =>
      unwrap(
        await client.GET('/clusters/{id}/kinds/{group}/{plural}/schema', {
          params: { path: kindPath(cluster, type) },
          signal,
        }),
      ).schema,
    staleTime: SCHEMA_MS,
    structuralSharing: false,
  });
}

/** The revisions that an object can be rolled back to, newest first; read again when it changes. @public */
export function useRevisions(ref: ResourceRef) {
  const { cluster, group, plural, namespace, name } = ref;
  return useLiveQuery({
    queryKey: [...queryKeys.resource(ref), 'revisions'],
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET(
          '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}/revisions',
          { params: { path: resourcePath(ref) }, signal },
        ),
      ).revisions,
    topic: {
      topic: 'resources',
      cluster,
      group: groupSegment(group),
      plural,
      namespace,
      name,
    },
    apply: (data, { upserted }) => ({ data, readAgain: upserted.length > 0 }),
    onReset: 'read',
  });
}

/** What an object owns, selects, mounts, routes to or is ruled by. @public */
export function useRelated(ref: ResourceRef) {
  const { cluster, group, plural, namespace, name } = ref;
  return useLiveQuery({
    queryKey: [...queryKeys.resource(ref), 'related'],
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET(
          '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}/related',
          { params: { path: resourcePath(ref) }, signal },
        ),
      ),
    topic: {
      topic: 'resources',
      cluster,
      group: groupSegment(group),
      plural,
      namespace,
      name,
    },
    apply: (data, { upserted, deleted }) => ({
      data,
      readAgain: upserted.length > 0 || deleted.length > 0,
    }),
    onReset: 'read',
  });
}
