import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '../stream/StreamEvent';
import { applyRows } from './applyRows';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';

type ServiceDeployment = Schema<'ServiceDeployment'>;

/** A cluster that was asked for a service's deployments. @public */
export interface AskedCluster {
  id: string;
  name: string;
  labels: Record<string, string>;
  status: Schema<'HealthStatus'>;
  cache: CacheState;
}

/** A service's deployments on all clusters. @public */
export interface ServiceDeployments {
  items: ServiceDeployment[];
  clusters: AskedCluster[];
  errors: Schema<'ClusterError'>[];
}

/** `cluster/namespace/name`. @public */
export function serviceKey(row: ServiceDeployment): string {
  return `${row.cluster}/${row.namespace}/${row.name}`;
}

/** The deployments of a catalog entity on all clusters; live. @public */
export function useServiceDeployments(entity: string) {
  return useLiveQuery<ServiceDeployments>({
    queryKey: queryKeys.service(entity),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/deployments', {
          params: { query: { entity } },
          signal,
        }),
      ),
    topic: { topic: 'service', entity },
    apply: (service, changes, { first }) => {
      const { cluster, cache } = changes;
      const applied = applyRows(service.items, changes, {
        keyOf: serviceKey,
        compare: (left, right) =>
          serviceKey(left).localeCompare(serviceKey(right)),
        first,
        within: row => cluster === undefined || row.cluster === cluster,
      });
      const isAsked = service.clusters.some(({ id }) => id === cluster);
      return {
        data: {
          ...service,
          items: applied.rows,
          clusters: service.clusters.map(asked =>
            asked.id === cluster && cache ? { ...asked, cache } : asked,
          ),
        },
        // A cluster that is new, or that could not answer before.
        readAgain:
          applied.missing > 0 ||
          (cluster !== undefined && !isAsked) ||
          service.errors.some(error => error.cluster.id === cluster),
      };
    },
  });
}
