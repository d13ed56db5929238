import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { eventsView, namespacesView, nodesView } from '../views/viewQueries';
import { withUsage } from '../views/NodeUsage';
import type { NodeUsage } from '../views/NodeUsage';
import { plainText } from '../views/plainText';
import {
  deploymentDetailsView,
  deploymentsView,
} from '../workloads/deploymentViews';
import { isNotToBeSeen } from '../workloads/listOptional';
import type { ServiceDeployments } from '../workloads/ServiceDeployments';
import { followView } from './followView';
import type {
  LiveChanges,
  LiveEvent,
  LiveTopics,
  ResourceSubscription,
  ResourceTopic,
} from './LiveTopics';
import { mergeStreams } from './mergeStreams';

/** Milliseconds until the watches of a cluster that failed are opened again. */
const REOPEN_MS = 5_000;

/** The view that a topic of one cluster tells of. */
const VIEWS: Readonly<
  Record<
    Exclude<ResourceTopic, 'service'>,
    (selection: { cluster: string; namespace?: string }) => ViewQuery
  >
> = {
  deployments: deploymentsView,
  events: eventsView,
  namespaces: namespacesView,
  nodes: nodesView,
};

/** Makes the topics from views of the resource client. */
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
    const view = VIEWS[topic]({ cluster, namespace });
    const told = new Set<string>();
    const events = followView(this.options.resources, view, { context, told });
    if (topic === 'nodes') yield* this.withUsage(events, context);
    else yield* events;
  }

  private async *withUsage(
    events: AsyncIterable<LiveChanges>,
    context: RequestContext,
  ): AsyncIterable<LiveEvent> {
    for await (const event of events) {
      const used = await this.options.usage.of(event.cluster, context);
      yield { ...event, rows: withUsage(event.rows, used) };
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
          rows: [],
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
