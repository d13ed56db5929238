import { isError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import type { ReadGuard } from '../access/ReadGuard';
import type { ClusterAuthentications } from '../authentication/ClusterAuthentications';
import type { HealthAudience, HealthMonitor } from '../health/HealthMonitor';
import { parseLabelSelector } from '../resources/LabelSelector';
import type { Handlers } from '../router/Handlers';
import { NODES } from '../workloads/ResourceKinds';
import { within } from '../workloads/within';
import type { ClusterDirectory } from './ClusterDirectory';
import type { ClusterService } from './ClusterService';
import { clusterSummary } from './clusterSummary';
import type { RegisteredCluster } from './ClusterStore';

/** Milliseconds that the rules of a cluster are waited for: its health is to be known at once, also while it is away. */
const RULES_WAIT_MS = 1_000;

/** What is in a cluster, as its pages show it. */
export interface ClusterContents {
  nodes(
    clusterId: string,
    context: RequestContext,
  ): Promise<{ nodes: Schema<'Node'>[]; cache: CacheState }>;
  /** Undefined where nothing was seen yet. */
  counts(
    clusterId: string,
    context: RequestContext,
  ): Promise<Schema<'Cluster'>['counts'] | undefined>;
}

/** What the handlers work with. */
export interface ClusterHandlersOptions {
  clusters: ClusterService;
  directory: ClusterDirectory;
  health: HealthMonitor;
  contents: ClusterContents;
  /** Says who is told the names of nodes. */
  guard: Pick<ReadGuard, 'allowsAll'>;
  authentications: Pick<ClusterAuthentications, 'titleOf'>;
}

type ClusterHandlers = Pick<
  Handlers,
  | 'listClusters'
  | 'registerCluster'
  | 'checkClusterAccess'
  | 'getCluster'
  | 'updateCluster'
  | 'deleteCluster'
  | 'listClusterDependents'
  | 'getClusterHealth'
  | 'checkClusterHealth'
>;

/** The operations on clusters and their health. */
export function clusterHandlers(
  options: ClusterHandlersOptions,
): ClusterHandlers {
  const { clusters, directory, health, contents, guard, authentications } =
    options;

  async function summary(
    cluster: RegisteredCluster,
    context: RequestContext,
  ): Promise<Schema<'Cluster'>> {
    const [summaries, counts] = await Promise.all([
      health.summaries(),
      contents.counts(cluster.id, context),
    ]);
    return clusterSummary(cluster, {
      health: summaries.get(cluster.id),
      counts,
    });
  }

  /** Who cannot be asked about is not told. */
  function audience(cluster: string, context: RequestContext): HealthAudience {
    return {
      mayNameNodes: async () => {
        const asked = guard.allowsAll({ ...NODES, cluster }, context);
        try {
          return (await within(asked, RULES_WAIT_MS)) ?? false;
        } catch {
          return false;
        }
      },
    };
  }

  return {
    listClusters: async ({ query, context }) => {
      const isSelected = parseLabelSelector(query.labelSelector);
      const visible = await directory.list(context);
      return {
        clusters: await Promise.all(
          visible
            .filter(({ labels }) => isSelected(labels))
            .map(cluster => summary(cluster, context)),
        ),
      };
    },

    registerCluster: async ({ body, context }) =>
      summary(await clusters.register(body, context), context),

    checkClusterAccess: ({ body, context }) => clusters.check(body, context),

    getCluster: async ({ path, context }) => {
      const cluster = await directory.get(path.id, context);
      const [row, { nodes, cache }] = await Promise.all([
        summary(cluster, context),
        nodesOf(contents, path.id, context),
      ]);
      const { credentialUser: user, credentialExpiresAt: expiresAt } = cluster;
      const { server, caData } = cluster.endpoint;
      const title = authentications.titleOf(cluster.credentialType);
      return {
        ...row,
        cache,
        nodes,
        server,
        ...(caData !== undefined && { caData }),
        authentication: {
          type: cluster.credentialType,
          ...(title && { title }),
          ...(user !== undefined && { user }),
          ...(expiresAt !== undefined && { expiresAt }),
        },
      };
    },

    updateCluster: async ({ path, body, context }) =>
      summary(await clusters.update(path.id, body, context), context),

    deleteCluster: async ({ path, query, context }) => {
      const isConfirmed = query.confirm ?? false;
      await clusters.remove(path.id, { isConfirmed }, context);
      return { success: true };
    },

    listClusterDependents: async ({ path, context }) => ({
      dependents: await clusters.dependents(path.id, context),
    }),

    getClusterHealth: async ({ path, context }) => {
      await directory.get(path.id, context);
      return health.get(path.id, audience(path.id, context));
    },

    checkClusterHealth: async ({ path, context }) => {
      await directory.get(path.id, context);
      const { signal } = context;
      return health.check(path.id, { signal, ...audience(path.id, context) });
    },
  };
}

/** The nodes as last seen; a cluster that is away and was never seen has none. */
async function nodesOf(
  contents: ClusterContents,
  clusterId: string,
  context: RequestContext,
): Promise<{ nodes: Schema<'Node'>[]; cache: CacheState }> {
  try {
    return await contents.nodes(clusterId, context);
  } catch (error) {
    context.signal.throwIfAborted();
    const message = isError(error) ? error.message : undefined;
    return { nodes: [], cache: { state: 'stale', message } };
  }
}
