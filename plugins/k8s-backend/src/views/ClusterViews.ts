import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceReader,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import { listOptional } from '../workloads/listOptional';
import {
  DEPLOYMENTS,
  EVENTS,
  NAMESPACES,
  NODES,
  PODS,
} from '../workloads/ResourceKinds';
import { within } from '../workloads/within';
import type { EventObject } from '../workloads/WorkloadObjects';
import { leastFresh } from './cacheStates';
import { clusterCounts } from './clusterCounts';
import type { ClusterCounts } from './clusterCounts';
import { eventRows } from './eventRows';
import type { NodeUsage } from './NodeUsage';
import { nodeRow, requestedByNode } from './nodeRow';
import { page } from './page';

/** A cluster whose objects are not known by then is shown without counts: one that is away must not hold up the others. */
const COUNTS_WAIT_MS = 1_000;
const DEFAULT_LIMIT = 100;

/** Cuts a page out of a list of one cluster. */
interface PageQuery {
  namespace?: string;
  limit?: number;
  continue?: string;
}

/** Reads what the pages of a cluster show: nodes, events, and how much there is of everything. */
export class ClusterViews {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      usage: NodeUsage;
    },
  ) {}

  /** Nodes by name, with what their pods ask for. @throws NotFoundError */
  async nodes(
    cluster: string,
    context: RequestContext,
  ): Promise<{ nodes: Schema<'Node'>[]; cache: CacheState }> {
    const { resources, usage } = this.options;
    const [nodes, pods, used] = await Promise.all([
      resources.list({ ...NODES, cluster }, { context }),
      listOptional(resources, { ...PODS, cluster }, { context }),
      usage.of(cluster, context),
    ]);
    const requested = pods && requestedByNode(pods.items);
    const nothing = { cpu: 0, memory: 0, pods: 0 };
    return {
      nodes: nodes.items
        .map(node => {
          const { name = '' } = node.metadata;
          return nodeRow(node, {
            requested: requested && (requested.get(name) ?? nothing),
            used: used.get(name),
          });
        })
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
      cache: leastFresh([nodes.cache, ...(pods ? [pods.cache] : [])]),
    };
  }

  /** One page of grouped events, newest first. @throws NotFoundError, InputError */
  async events(
    cluster: string,
    query: PageQuery & { involved?: string; since?: string },
    context: RequestContext,
  ): Promise<{
    events: Schema<'Event'>[];
    total: number;
    continue?: string;
    cache: CacheState;
  }> {
    const { namespace, involved, since } = query;
    const [kind, name] = involved?.split('/') ?? [];
    const { items, cache } = await this.options.resources.list(
      {
        ...EVENTS,
        cluster,
        namespace,
        since,
        ...(kind && name && { about: { kind, name } }),
      },
      { context },
    );
    const { rows, ...rest } = page(eventRows(items as EventObject[]), {
      keyOf: ({ lastSeen, id }) => [lastSeen, id],
      isDescending: true,
      limit: query.limit ?? DEFAULT_LIMIT,
      continue: query.continue,
      query: ['events', cluster, namespace, involved, since ?? null],
    });
    return { events: rows, ...rest, cache };
  }

  /**
   * How much there is in a cluster of what the caller may see; undefined where its nodes may not be seen, or are not known
   * within a second. Never throws: a cluster that is away is shown without.
   */
  async counts(
    cluster: string,
    context: RequestContext,
  ): Promise<ClusterCounts | undefined> {
    const count = async (
      kind: typeof NODES,
    ): Promise<TableResult | undefined> => {
      try {
        const table = this.options.resources.table(
          { ...kind, cluster, columns: columnsOf(kind) ?? [], limit: 0 },
          { context },
        );
        return await within(table, COUNTS_WAIT_MS);
      } catch {
        // Not to be seen, or away; health says the latter in the same answer.
        return undefined;
      }
    };
    const [nodes, namespaces, deployments, pods] = await Promise.all(
      [NODES, NAMESPACES, DEPLOYMENTS, PODS].map(count),
    );
    return nodes && clusterCounts({ nodes, namespaces, deployments, pods });
  }
}
