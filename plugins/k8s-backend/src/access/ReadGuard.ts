import { k8sResourceReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import type { Narrowing } from '../resources/Narrowing';
import {
  objectNotFound,
  toResourceReference,
} from '../resources/resourceReference';
import type { AccessControl } from './AccessControl';
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
    const cluster = await this.#clusters.get(reference.cluster, context);
    const mayRead = await this.#access.allowsResource(
      k8sResourceReadPermission,
      toResourceReference(cluster, reference),
      context,
    );
    if (!mayRead) throw objectNotFound(reference);
    for (const narrowing of this.#narrowings) {
      if (!(await narrowing.applies(reference.cluster, context))) continue;
      if (await narrowing.shows(reference, context)) continue;
      throw objectNotFound(reference);
    }
  }
}
