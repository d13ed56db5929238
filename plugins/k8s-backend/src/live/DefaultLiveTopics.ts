import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { deploymentRow } from '../views/deploymentRow';
import { namespaceRow } from '../views/namespaceRow';
import type { NodeUsage } from '../views/NodeUsage';
import { plainText } from '../views/plainText';
import { deploymentDetail } from '../workloads/DeploymentReader';
import { isNotToBeSeen } from '../workloads/listOptional';
import { NAMESPACES } from '../workloads/ResourceKinds';
import type { ServiceDeployments } from '../workloads/ServiceDeployments';
import type { DeploymentObject } from '../workloads/WorkloadObjects';
import { DeploymentRows } from './DeploymentRows';
import type { LiveRows } from './LiveRows';
import type {
  LiveEvent,
  LiveTopics,
  ResourceSubscription,
  ResourceTopic,
} from './LiveTopics';
import { mergeStreams } from './mergeStreams';
import { NodeRows } from './NodeRows';
import { RowSet } from './RowSet';
import { SimpleRows } from './SimpleRows';
import { watchTogether } from './watchTogether';

/** Milliseconds until the watches of a cluster that failed are opened again. */
const REOPEN_MS = 5_000;

const nameKey = ({ metadata }: DeploymentObject) =>
  `${metadata.namespace}/${metadata.name}`;

/** Makes the topics from watches of the resource client. */
export class DefaultLiveTopics implements LiveTopics {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      services: ServiceDeployments;
      usage: NodeUsage;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  async *open(
    subscription: ResourceSubscription,
    context: RequestContext,
  ): AsyncIterable<LiveEvent> {
    if (subscription.topic === 'service') {
      yield* this.service(subscription.entity, context);
      return;
    }
    const { cluster } = subscription;
    if (cluster === undefined) {
      throw new InputError(
        `A subscription to ${subscription.topic} needs the cluster`,
      );
    }
    yield { type: 'reset' };
    yield* this.follow(this.rowsOf(subscription, { cluster, context }), {
      told: new RowSet(cluster),
      context,
    });
  }

  private rowsOf(
    subscription: ResourceSubscription,
    options: { cluster: string; context: RequestContext },
  ): LiveRows {
    const { namespace, topic } = subscription;
    const { cluster, context } = options;
    const { usage, now } = this.options;
    const rows: Record<Exclude<ResourceTopic, 'service'>, () => LiveRows> = {
      namespaces: () =>
        new SimpleRows({ ...NAMESPACES, cluster }, namespaceRow),
      nodes: () =>
        new NodeRows(cluster, { usage: () => usage.of(cluster, context) }),
      deployments: () =>
        new DeploymentRows({
          cluster,
          namespace,
          withAutoscalers: false,
          keyOf: nameKey,
          rowOf: (deployment, { parts }) =>
            deploymentRow(deployment, { cluster, parts, now: now() }),
        }),
    };
    if (topic === 'service') throw new InputError('Not a topic of one cluster');
    return rows[topic]();
  }

  /** Rows of one cluster, as they change. */
  private async *follow(
    rows: LiveRows,
    options: { told: RowSet; context: RequestContext },
  ): AsyncIterable<LiveEvent> {
    const { told, context } = options;
    const states = watchTogether(this.options.resources, {
      sources: rows.sources,
      context,
    });
    let lastCache: string | undefined;
    for await (const { isSynced, cache } of states) {
      if (!isSynced) {
        // While a list is read again the rows of before stay; only how fresh they are is told.
        const event = told.tell(new Map(), cache);
        if (event) yield event;
        continue;
      }
      const isFirst = lastCache === undefined;
      const all = lastCache !== JSON.stringify(cache);
      lastCache = JSON.stringify(cache);
      const changed = await rows.take({ all, cache });
      const event = told.tell(
        isFirst ? told.withGone(changed) : changed,
        cache,
      );
      if (event) yield event;
    }
  }

  /** {@link follow}, again and again: one cluster that fails says so and leaves the others alone. */
  private async *followAlways(
    makeRows: () => LiveRows,
    options: { told: RowSet; context: RequestContext },
  ): AsyncIterable<LiveEvent> {
    const { told, context } = options;
    while (!context.signal.aborted) {
      try {
        yield* this.follow(makeRows(), options);
      } catch (error) {
        if (context.signal.aborted) return;
        const event = isNotToBeSeen(error)
          ? told.tell(told.withGone(new Map()), { state: 'live' })
          : told.tell(new Map(), {
              state: 'stale',
              message: plainText(error instanceof Error ? error.message : ''),
            });
        if (event) yield event;
        if (isNotToBeSeen(error)) return;
      }
      await sleep(REOPEN_MS, undefined, { signal: context.signal }).catch(
        () => undefined,
      );
    }
  }

  private async *service(
    entity: string | undefined,
    context: RequestContext,
  ): AsyncIterable<LiveEvent> {
    if (entity === undefined) {
      throw new InputError('A subscription to service needs the entity');
    }
    const { services, now } = this.options;
    const selection = await services.select(entity, context);
    yield { type: 'reset' };
    const streams = (selection?.clusters ?? []).map(({ id: cluster }) => {
      const makeRows = () =>
        new DeploymentRows({
          cluster,
          namespace: selection?.namespace,
          labelSelector: selection?.labelSelector,
          withAutoscalers: true,
          keyOf: deployment => `${cluster}/${nameKey(deployment)}`,
          rowOf: (deployment, options) =>
            deploymentDetail(deployment, { ...options, cluster, now: now() }),
        });
      return (signal: AbortSignal) =>
        this.followAlways(makeRows, {
          told: new RowSet(cluster),
          context: { ...context, signal },
        });
    });
    yield* mergeStreams(streams, context.signal);
  }
}
