import { NotAllowedError } from '@backstage/errors';
import {
  k8sResourceReadPermission,
  k8sTerminalOpenPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { ReadGuard } from '../access/ReadGuard';
import type { SubresourceRules } from '../access/SubresourceRules';
import type { VisibleClusters } from '../access/VisibleClusters';
import { watchRight } from '../access/watchRight';
import {
  objectNotFound,
  toResourceReference,
} from '../resources/resourceReference';
import type {
  PodTerminals,
  Terminal,
  TerminalOptions,
  TerminalPlace,
  TerminalRequest,
} from './PodTerminals';

const PODS = { group: '', version: 'v1', plural: 'pods' };

/** Lets through whom the permission is given, and ends a terminal when it is taken away or the pod is not shown any more. */
export class AuthorizedPodTerminals implements PodTerminals {
  readonly #terminals: PodTerminals;
  readonly #access: AccessControl;
  readonly #clusters: VisibleClusters;
  readonly #rules: SubresourceRules;
  readonly #guard: Pick<ReadGuard, 'allows'>;
  readonly #recheckMs: number | undefined;

  constructor(options: {
    terminals: PodTerminals;
    access: AccessControl;
    clusters: VisibleClusters;
    /** Those of the cluster. */
    rules: SubresourceRules;
    /** Says whether the pod is shown. */
    guard: Pick<ReadGuard, 'allows'>;
    recheckMs?: number;
  }) {
    this.#terminals = options.terminals;
    this.#access = options.access;
    this.#clusters = options.clusters;
    this.#rules = options.rules;
    this.#guard = options.guard;
    this.#recheckMs = options.recheckMs;
  }

  async prepare(
    request: TerminalRequest,
    options: { context: RequestContext },
  ): Promise<TerminalPlace> {
    await this.#demand(request, options.context);
    return this.#terminals.prepare(request, options);
  }

  async open(
    place: TerminalPlace,
    options: TerminalOptions,
  ): Promise<Terminal> {
    const { context } = options;
    await this.#demand(place, context);
    const terminal = await this.#terminals.open(place, options);
    const over = new AbortController();
    terminal.ended.then(() => over.abort());
    watchRight(
      async () => (await this.#missing(place, context)) === undefined,
      {
        signal: over.signal,
        recheckMs: this.#recheckMs,
        onLoss: reason => terminal.end({ reason }),
      },
    );
    return terminal;
  }

  /** @throws NotFoundError, NotAllowedError */
  async #demand(
    request: TerminalRequest,
    context: RequestContext,
  ): Promise<void> {
    const error = await this.#missing(request, context);
    if (error) throw error;
  }

  /** Why the caller may not, or undefined. @throws NotFoundError for a cluster that may not be seen */
  async #missing(
    request: TerminalRequest,
    context: RequestContext,
  ): Promise<Error | undefined> {
    const { cluster: id, namespace, pod: name } = request;
    const cluster = await this.#clusters.get(id, context);
    const place = { ...PODS, namespace, name };
    const pod = toResourceReference(cluster, place);
    const may = (permission: typeof k8sTerminalOpenPermission) =>
      this.#access.allowsResource(permission, pod, context);
    if (!(await may(k8sResourceReadPermission))) {
      return objectNotFound({ ...place, cluster: id });
    }
    if (!(await may(k8sTerminalOpenPermission))) {
      return new NotAllowedError(
        this.#access.refusal(k8sTerminalOpenPermission, pod, context),
      );
    }
    const { group, plural } = PODS;
    const use = { cluster: id, group, plural, namespace, name };
    if (
      !(await this.#rules.allowUse({ ...use, subresource: 'exec' }, context))
    ) {
      return new NotAllowedError(
        'The rules of the cluster itself do not let you open a terminal here',
      );
    }
    // Last, as the pod is read last: what is hidden is answered like what does not exist.
    const reference = { ...place, cluster: id };
    return (await this.#guard.allows(reference, context))
      ? undefined
      : objectNotFound(reference);
  }
}
