import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceReader,
  TableResult,
  ViewResult,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';
import { PreparedJson } from '../router/PreparedJson';
import {
  DEPLOYMENTS,
  NAMESPACES,
  NODES,
  PODS,
} from '../workloads/ResourceKinds';
import { unsettledRolloutsView } from '../workloads/deploymentViews';
import { within } from '../workloads/within';
import { clusterCounts } from './clusterCounts';
import type { ClusterCounts } from './clusterCounts';
import { eventsView, nodesView } from './viewQueries';
import { byNewest } from './eventRows';
import { withUsage } from './NodeUsage';
import type { NodeUsage } from './NodeUsage';

/** A cluster whose objects are not known by then is shown without counts: one that is away must not hold up the others. */
const COUNTS_WAIT_MS = 1_000;

/** Which rows of a view. */
export interface ViewSelection {
  /** Of events and rollouts. */
  namespace?: string;
  /** `Kind/name` of the object that events are about. */
  involved?: string;
  /** RFC 3339; of events. */
  since?: string;
  limit?: number;
}

/** What is read of a view. */
interface ViewReading {
  cluster: string;
  selection: ViewSelection;
  context: RequestContext;
}

const byKey = (one: ViewRow, other: ViewRow) => (one.key < other.key ? -1 : 1);

/** Reads what the pages of a cluster show beside its objects: nodes, events, rollouts, and how much there is of everything. */
export class ClusterViews {
  constructor(
    private readonly options: { resources: ResourceReader; usage: NodeUsage },
  ) {}

  /** A view by its name: nodes by theirs, events newest first, rollouts by namespace and name. @throws NotFoundError */
  async read(
    view: 'nodes' | 'events' | 'rollouts',
    options: ViewReading,
  ): Promise<PreparedJson> {
    const { selection } = options;
    const readers = {
      nodes: () => this.readNodes(options),
      events: () => this.readEvents(options),
      rollouts: () => this.readRollouts(options),
    };
    const { rows, cache } = await readers[view]();
    const shown = rows.slice(0, selection.limit);
    return PreparedJson.of(
      { total: rows.length, cache },
      { rows: shown.map(({ json }) => json) },
    );
  }

  /** Nodes by name, with what their pods ask for and what they use. @throws NotFoundError */
  async nodes(
    cluster: string,
    context: RequestContext,
  ): Promise<{ nodes: Schema<'Node'>[]; cache: CacheState }> {
    const { rows, cache } = await this.readNodes({ cluster, context });
    return { nodes: rows.map(({ json }) => JSON.parse(json)), cache };
  }

  /**
   * How much there is in a cluster of what the caller may see; undefined where its nodes may not be seen, or are not known
   * within a second or kept. Never throws: a cluster that is away is shown without.
   */
  async counts(
    cluster: string,
    context: RequestContext,
  ): Promise<ClusterCounts | undefined> {
    // Nobody waits for what would be known later.
    const given = new AbortController();
    const signal = AbortSignal.any([context.signal, given.signal]);
    const count = async (
      kind: typeof NODES,
    ): Promise<TableResult | undefined> => {
      try {
        const table = this.options.resources.table(
          { ...kind, cluster, columns: columnsOf(kind) ?? [], limit: 0 },
          { context: { ...context, signal } },
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
    given.abort();
    return nodes && clusterCounts({ nodes, namespaces, deployments, pods });
  }

  private async readNodes(
    options: Pick<ViewReading, 'cluster' | 'context'>,
  ): Promise<ViewResult> {
    const { cluster, context } = options;
    const { resources, usage } = this.options;
    const [{ rows, cache }, used] = await Promise.all([
      resources.view(nodesView({ cluster }), { context }),
      usage.of(cluster, context),
    ]);
    return { rows: withUsage([...rows].sort(byKey), used), cache };
  }

  private async readRollouts(options: ViewReading): Promise<ViewResult> {
    const { cluster, selection, context } = options;
    const { namespace } = selection;
    const { rows, cache } = await this.options.resources.view(
      unsettledRolloutsView({ cluster, namespace }),
      { context },
    );
    return { rows: [...rows].sort(byKey), cache };
  }

  private async readEvents(options: ViewReading): Promise<ViewResult> {
    const { cluster, selection, context } = options;
    const { namespace, involved, since } = selection;
    const { rows, cache } = await this.options.resources.view(
      eventsView({ cluster, namespace, involved, since }),
      { context },
    );
    const newest = rows
      .map(row => ({ ...row, event: JSON.parse(row.json) }))
      .sort((one, other) => byNewest(one.event, other.event));
    return { rows: newest, cache };
  }
}
