import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceReader,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';
import { within } from '../workloads/within';
import { NODE_METRICS } from '../workloads/ResourceKinds';

/** metrics-server measures every 15 s; asking more often tells nothing new. */
const KEPT_MS = 15_000;
/** How long a cluster without metrics-server is not asked again. */
const ABSENCE_KEPT_MS = 300_000;
/** Nodes are shown without their use rather than later. */
const WAIT_MS = 1_000;
/** Callers times clusters; beyond it the oldest is forgotten. */
const MAXIMUM_ENTRIES = 1_000;

/** What nodes use, by name: CPU in cores, memory in bytes. */
export type UsageByNode = ReadonlyMap<string, Schema<'NodeResources'>>;

interface NodeMetricsObject extends KubernetesObject {
  usage?: { cpu?: string; memory?: string };
}

const NOTHING: UsageByNode = new Map();

/** Rows of the view of nodes with what they use, where that is known. */
export function withUsage(
  rows: readonly ViewRow[],
  usage: UsageByNode,
): readonly ViewRow[] {
  return rows.map(row => {
    const used = usage.get(row.key);
    if (!used) return row;
    const { key, json } = row;
    return {
      key,
      json: `${json.slice(0, -1)},"used":${JSON.stringify(used)}}`,
    };
  });
}

/** Asks metrics-server what nodes use. Where there is none nothing is known, which is no error. */
export class NodeUsage {
  /** Per cluster and caller, since each may see other things. */
  private readonly kept = new Map<
    string,
    { until: number; usage: Promise<UsageByNode> }
  >();

  constructor(
    private readonly options: {
      resources: ResourceReader;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /**
   * Empty where it is not known; never throws.
   *
   * @param options - `waitMs`: milliseconds after which it counts as not known; 1,000 by default
   */
  async of(
    cluster: string,
    context: RequestContext,
    { waitMs = WAIT_MS }: { waitMs?: number } = {},
  ): Promise<UsageByNode> {
    const { now } = this.options;
    const key = `${cluster} ${context.principal.ref}`;
    const kept = this.kept.get(key);
    const entry =
      kept && kept.until > now()
        ? kept
        : { until: now() + KEPT_MS, usage: this.ask(cluster, context) };
    if (entry !== kept) {
      this.keep(key, entry);
      entry.usage
        .then(usage => {
          if (usage.size === 0) entry.until = now() + ABSENCE_KEPT_MS;
        })
        .catch(() => undefined);
    }
    return (await within(entry.usage, waitMs)) ?? NOTHING;
  }

  private keep(
    key: string,
    entry: { until: number; usage: Promise<UsageByNode> },
  ): void {
    this.kept.delete(key);
    this.kept.set(key, entry);
    if (this.kept.size > MAXIMUM_ENTRIES) {
      const [oldest] = this.kept.keys();
      this.kept.delete(oldest);
    }
  }

  private async ask(
    cluster: string,
    context: RequestContext,
  ): Promise<UsageByNode> {
    // Kept for others: it must not end with the request that happened to come first.
    const signal = AbortSignal.timeout(KEPT_MS);
    try {
      const { items } = await this.options.resources.list(
        { ...NODE_METRICS, cluster },
        // Its API has no watch, so that the cache could not keep it.
        { context: { ...context, signal }, live: true },
      );
      return new Map(
        (items as NodeMetricsObject[]).map(({ metadata, usage }) => [
          metadata.name ?? '',
          {
            cpu: parseQuantity(usage?.cpu) ?? 0,
            memory: parseQuantity(usage?.memory) ?? 0,
          },
        ]),
      );
    } catch {
      return NOTHING;
    }
  }
}
