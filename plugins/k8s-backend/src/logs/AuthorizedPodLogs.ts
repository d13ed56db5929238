import { NotAllowedError } from '@backstage/errors';
import {
  k8sLogsReadPermission,
  k8sResourceReadPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { ReadGuard } from '../access/ReadGuard';
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
  readonly #guard: Pick<ReadGuard, 'allows' | 'allowsAll'>;
  readonly #recheckMs: number | undefined;

  constructor(options: {
    logs: PodLogs;
    access: AccessControl;
    clusters: VisibleClusters;
    /** Those of the cluster. */
    rules: SubresourceRules;
    /** Says whether pods that were found are still shown. */
    guard: Pick<ReadGuard, 'allows' | 'allowsAll'>;
    recheckMs?: number;
  }) {
    this.#logs = options.logs;
    this.#access = options.access;
    this.#clusters = options.clusters;
    this.#rules = options.rules;
    this.#guard = options.guard;
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
    const found = new Set<string>();
    let loss: RightLoss | undefined;
    watchRight(
      async () =>
        (await this.#missing(query, context)) === undefined &&
        this.#shows(query, { found, context }),
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
        if (event.type === 'pods') {
          event.pods.forEach(({ pod }) => found.add(pod));
        }
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

  /** Whether the pods that the layer below has found, none of them hidden then, are still shown. */
  async #shows(
    { cluster, namespace, pods }: LogsQuery,
    options: { found: ReadonlySet<string>; context: RequestContext },
  ): Promise<boolean> {
    const { found, context } = options;
    // Where nothing was found, what is hidden stays like what does not exist.
    if (found.size === 0) return true;
    const kind = { ...PODS, version: 'v1', cluster, namespace };
    if (!pods) return this.#guard.allowsAll(kind, context);
    const shown = await Promise.all(
      [...found].map(name => this.#guard.allows({ ...kind, name }, context)),
    );
    return shown.every(Boolean);
  }
}
