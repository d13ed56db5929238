import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { namespaceRow } from '../views/namespaceRow';
import type { NodeUsage } from '../views/NodeUsage';
import { plainText } from '../views/plainText';
import {
  deploymentDetailsView,
  deploymentsView,
} from '../workloads/deploymentViews';
import { isNotToBeSeen } from '../workloads/listOptional';
import { NAMESPACES } from '../workloads/ResourceKinds';
import type { ServiceDeployments } from '../workloads/ServiceDeployments';
import { followView } from './followView';
import type { LiveRows } from './LiveRows';
import type { LiveEvent, LiveTopics, ResourceSubscription } from './LiveTopics';
import { mergeStreams } from './mergeStreams';
import { NodeRows } from './NodeRows';
import { RowSet } from './RowSet';
import { SimpleRows } from './SimpleRows';
import { watchTogether } from './watchTogether';

/** Milliseconds until the watches of a cluster that failed are opened again. */
const REOPEN_MS = 5_000;

/** Makes the topics from watches of the resource client. */
export class DefaultLiveTopics implements LiveTopics {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      services: ServiceDeployments;
      usage: NodeUsage;
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
    const { namespace, topic } = subscription;
    if (topic === 'deployments') {
      const view = deploymentsView({ cluster, namespace });
      yield* followView(this.options.resources, view, {
        ...{ context, told: new Set<string>() },
      });
      return;
    }
    yield* this.follow(this.rowsOf(topic, { cluster, context }), {
      told: new RowSet(cluster),
      context,
    });
  }

  private rowsOf(
    topic: 'namespaces' | 'nodes',
    { cluster, context }: { cluster: string; context: RequestContext },
  ): LiveRows {
    if (topic === 'namespaces') {
      return new SimpleRows({ ...NAMESPACES, cluster }, namespaceRow);
    }
    const usage = () => this.options.usage.of(cluster, context);
    return new NodeRows(cluster, { usage });
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

  /** A view of one cluster, again and again: one that fails says so and leaves the others alone. */
  private async *followAlways(
    view: ViewQuery,
    context: RequestContext,
  ): AsyncIterable<LiveEvent> {
    const { cluster } = view;
    const told = new Set<string>();
    while (!context.signal.aborted) {
      try {
        yield* followView(this.options.resources, view, {
          ...{ context, told, prefix: `${cluster}/` },
        });
      } catch (error) {
        if (context.signal.aborted) return;
        const isHidden = isNotToBeSeen(error);
        yield {
          type: 'changes',
          upserted: [],
          deleted: isHidden ? [...told] : [],
          cluster,
          cache: isHidden
            ? { state: 'live' }
            : {
                state: 'stale',
                message: plainText(error instanceof Error ? error.message : ''),
              },
        };
        if (isHidden) return;
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
    const selection = await this.options.services.select(entity, context);
    yield { type: 'reset' };
    const streams = (selection?.clusters ?? []).map(({ id: cluster }) => {
      const view = deploymentDetailsView({
        cluster,
        namespace: selection?.namespace,
        labelSelector: selection?.labelSelector,
      });
      return (signal: AbortSignal) =>
        this.followAlways(view, { ...context, signal });
    });
    yield* mergeStreams(streams, context.signal);
  }
}
