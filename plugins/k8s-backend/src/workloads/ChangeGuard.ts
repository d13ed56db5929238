import { NotAllowedError } from '@backstage/errors';
import { k8sResourceUpdatePermission } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import { toResourceReference } from '../resources/resourceReference';

/**
 * Refuses changes before anything is told of the object: a change that looks at the object first (is there such a revision,
 * such a container) must not answer 404 or 400 to somebody who may not make it. The client refuses what is sent to it by
 * itself.
 */
export interface ChangeGuard {
  /** @throws NotAllowedError, or NotFoundError when the cluster may not be seen */
  requireUpdate(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<void>;
}

/** Refuses by access control. */
export class AccessChangeGuard implements ChangeGuard {
  constructor(
    private readonly options: {
      access: AccessControl;
      clusters: VisibleClusters;
    },
  ) {}

  async requireUpdate(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<void> {
    const { access, clusters } = this.options;
    const permission = k8sResourceUpdatePermission;
    const cluster = await clusters.get(reference.cluster, context);
    const subject = toResourceReference(cluster, reference);
    if (!(await access.allowsResource(permission, subject, context))) {
      throw new NotAllowedError(access.refusal(permission, subject, context));
    }
  }
}
