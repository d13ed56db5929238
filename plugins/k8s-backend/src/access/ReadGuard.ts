import { k8sResourceReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceReference } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
  ResourceKind,
} from '@backstage-k8s/plugin-k8s-node';
import type { Narrowing } from '../resources/Narrowing';
import {
  objectNotFound,
  toResourceReference,
} from '../resources/resourceReference';
import type { AccessControl } from './AccessControl';
import { createReferencePredicate } from './createAccessPredicate';
import type { VisibleClusters } from './VisibleClusters';

/** Says who may be told of an object, whether it exists or not: the layers of reading ask the same. */
export class ReadGuard {
  readonly #access: AccessControl;
  readonly #clusters: VisibleClusters;
  readonly #narrowings: readonly Narrowing[];

  constructor(options: {
    access: AccessControl;
    clusters: VisibleClusters;
    narrowings: readonly Narrowing[];
  }) {
    this.#access = options.access;
    this.#clusters = options.clusters;
    this.#narrowings = options.narrowings;
  }

  /** @throws NotFoundError */
  async demand(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<void> {
    if (await this.allows(reference, context)) return;
    throw objectNotFound(reference);
  }

  /** @throws NotFoundError when the cluster may not be seen; what keeps the answer from being known */
  allows(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<boolean> {
    return this.#passes(reference, context, narrowing =>
      narrowing.shows(reference, context),
    );
  }

  /**
   * Whether the caller may be told of all objects of a cluster-scoped kind, or of a kind in one namespace: no rule tells one of them
   * from another.
   *
   * @throws NotFoundError when the cluster may not be seen; what keeps the answer from being known
   */
  allowsAll(
    kind: ResourceKind & { namespace?: string },
    context: RequestContext,
  ): Promise<boolean> {
    return this.#passes(kind, context, async (narrowing, subject) => {
      const criteria = await narrowing.criteria(kind, context);
      return createReferencePredicate({ ...subject, criteria })(subject);
    });
  }

  async #passes(
    asked: ResourceKind & { namespace?: string; name?: string },
    context: RequestContext,
    shows: (
      narrowing: Narrowing,
      subject: ResourceReference,
    ) => Promise<boolean>,
  ): Promise<boolean> {
    const cluster = await this.#clusters.get(asked.cluster, context);
    const subject = toResourceReference(cluster, asked);
    const mayRead = await this.#access.allowsResource(
      k8sResourceReadPermission,
      subject,
      context,
    );
    if (!mayRead) return false;
    for (const narrowing of this.#narrowings) {
      if (!(await narrowing.applies(asked.cluster, context))) continue;
      if (!(await shows(narrowing, subject))) return false;
    }
    return true;
  }
}
