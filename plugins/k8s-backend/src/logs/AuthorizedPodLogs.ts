import { NotAllowedError } from '@backstage/errors';
import {
  k8sLogsReadPermission,
  k8sResourceReadPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { SubresourceRules } from '../access/SubresourceRules';
import type { VisibleClusters } from '../access/VisibleClusters';
import { watchRight } from '../access/watchRight';
import type { RightLoss } from '../access/watchRight';
import {
  objectNotFound,
  toResourceReference,
} from '../resources/resourceReference';
import type { LogEvent, LogsQuery, PodLogs } from './PodLogs';

const PODS = { group: '', plural: 'pods' };

/**
 * Lets through what the caller may read, and ends it when the caller may not any more. A pod that may not be seen is answered as one
 * that does not exist; which pods a selector finds is limited by the reader of the layer below.
 */
export class AuthorizedPodLogs implements PodLogs {
  readonly #logs: PodLogs;
  readonly #access: AccessControl;
  readonly #clusters: VisibleClusters;
  readonly #rules: SubresourceRules;
  readonly #recheckMs: number | undefined;

  constructor(options: {
    logs: PodLogs;
    access: AccessControl;
    clusters: VisibleClusters;
    /** Those of the cluster. */
    rules: SubresourceRules;
    recheckMs?: number;
  }) {
    this.#logs = options.logs;
    this.#access = options.access;
    this.#clusters = options.clusters;
    this.#rules = options.rules;
    this.#recheckMs = options.recheckMs;
  }

  async open(
    query: LogsQuery,
    { context }: { context: RequestContext },
  ): Promise<AsyncIterable<LogEvent>> {
    await this.#demand(query, context);
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const within = { ...context, signal };
    try {
      const events = await this.#logs.open(query, { context: within });
      return this.#whileAllowed(events, { query, context: within, stop });
    } catch (error) {
      stop.abort();
      throw error;
    }
  }

  async *#whileAllowed(
    events: AsyncIterable<LogEvent>,
    options: {
      query: LogsQuery;
      context: RequestContext;
      stop: AbortController;
    },
  ): AsyncGenerator<LogEvent> {
    const { query, context, stop } = options;
    let loss: RightLoss | undefined;
    watchRight(
      async () => (await this.#missing(query, context)) === undefined,
      {
        signal: context.signal,
        recheckMs: this.#recheckMs,
        onLoss: reason => {
          loss = reason;
          stop.abort();
        },
      },
    );
    try {
      for await (const event of events) {
        // The reader may have taken long for the event before.
        if (loss) break;
        yield event;
      }
      if (loss) yield { type: 'end', reason: loss };
    } finally {
      stop.abort();
    }
  }

  /** @throws NotFoundError, NotAllowedError */
  async #demand(query: LogsQuery, context: RequestContext): Promise<void> {
    const error = await this.#missing(query, context);
    if (error) throw error;
  }

  /** Why the caller may not, or undefined. @throws NotFoundError for a cluster that may not be seen */
  async #missing(
    query: LogsQuery,
    context: RequestContext,
  ): Promise<Error | undefined> {
    const { cluster: id, namespace, pods = [undefined] } = query;
    const cluster = await this.#clusters.get(id, context);
    for (const name of pods) {
      const pod = toResourceReference(cluster, { ...PODS, namespace, name });
      const may = (permission: typeof k8sLogsReadPermission) =>
        this.#access.allowsResource(permission, pod, context);
      if (name !== undefined && !(await may(k8sResourceReadPermission))) {
        const place = { cluster: id, version: 'v1', namespace, name };
        return objectNotFound({ ...PODS, ...place });
      }
      if (!(await may(k8sLogsReadPermission))) {
        return new NotAllowedError(
          this.#access.refusal(k8sLogsReadPermission, pod, context),
        );
      }
      const use = { cluster: id, namespace, name, subresource: 'log' };
      if (!(await this.#rules.allowUse({ ...PODS, ...use }, context))) {
        return new NotAllowedError(
          'The rules of the cluster itself do not let you read logs here',
        );
      }
    }
    return undefined;
  }
}
