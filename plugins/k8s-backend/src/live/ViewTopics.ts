import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { eventsView, namespacesView, nodesView } from '../views/viewQueries';
import type { NodeUsage } from '../views/NodeUsage';
import { plainText } from '../views/plainText';
import {
  serviceDeploymentsView,
  deploymentsView,
  unsettledRolloutsView,
} from '../workloads/deploymentViews';
import { isNotToBeSeen } from '../workloads/listOptional';
import type { ServiceDeployments } from '../workloads/ServiceDeployments';
import type {
  Subscription,
  TopicEvent,
  TopicSource,
} from '../streams/TopicSource';
import { followView } from './followView';
import { mergeStreams } from './mergeStreams';
import { tellUsage } from './tellUsage';

/** Milliseconds until the watches of a cluster that failed are opened again. */
const REOPEN_MS = 5_000;

/** The view that a topic of one cluster tells of. */
const VIEWS: Readonly<
  Partial<
    Record<
      Subscription['topic'],
      (selection: {
        cluster: string;
        namespace?: string;
        involved?: string;
      }) => ViewQuery
    >
  >
> = {
  deployments: deploymentsView,
  events: eventsView,
  namespaces: namespacesView,
  nodes: nodesView,
  rollouts: unsettledRolloutsView,
};

/**
 * The topics whose rows are those of views, in the shape of their list. The key of a namespace or node is its name, of an event its id,
 * of a deployment or its rollout `namespace/name`, of a service's deployment `cluster/namespace/name` (cluster id). What the caller may not see is left
 * out; a lost right shows as deleted rows where the client below notices it, else the transport opens the subscription again.
 */
export class ViewTopics implements TopicSource {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      services: ServiceDeployments;
      usage: NodeUsage;
    },
  ) {}

  async *open(
    { topic, cluster, namespace, entity, involved }: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
    if (topic === 'service') {
      yield* this.service(entity, context);
      return;
    }
    const viewOf = VIEWS[topic];
    if (!viewOf) throw new InputError(`There is no topic ${topic}`);
    if (cluster === undefined) {
      throw new InputError(`A subscription to ${topic} needs the cluster`);
    }
    const view = viewOf({ cluster, namespace, involved });
    const follow = (signal: AbortSignal) =>
      followView(this.options.resources, view, {
        context: { ...context, signal },
        told: new Set(),
      });
    const { usage } = this.options;
    let isFirst = true;
    for await (const change of topic === 'nodes'
      ? tellUsage(follow, { cluster, usage, context })
      : follow(context.signal)) {
      // Of one that fails at once the rows of before stay.
      if (isFirst) yield { type: 'reset' };
      isFirst = false;
      yield change;
    }
  }

  /** A view of one cluster, again and again: one that fails says so and leaves the others alone. */
  private async *followAlways(
    view: ViewQuery,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
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
  ): AsyncIterable<TopicEvent> {
    if (entity === undefined) {
      throw new InputError('A subscription to service needs the entity');
    }
    const selection = await this.options.services.select(entity, context);
    yield { type: 'reset' };
    const streams = (selection?.clusters ?? []).map(({ id: cluster }) => {
      const view = serviceDeploymentsView({
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
