import { NotAllowedError } from '@backstage/errors';
import {
  k8sResourceCreatePermission,
  k8sResourceDeletePermission,
  k8sResourceUpdatePermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import { toResourceReference } from '../resources/resourceReference';

const PERMISSIONS = {
  create: k8sResourceCreatePermission,
  update: k8sResourceUpdatePermission,
  delete: k8sResourceDeletePermission,
};

/** What is to be changed; its version does not matter. */
export interface ChangeTarget extends ResourceType {
  cluster: string;
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
}

/**
 * Refuses changes before anything is told of the object: a change that looks at the object first (is there such a revision,
 * such a container) must not answer 404 or 400 to somebody who may not make it. The client refuses what is sent to it by
 * itself.
 */
export interface ChangeGuard {
  /** @throws NotAllowedError, or NotFoundError when the cluster may not be seen */
  demand(
    change: keyof typeof PERMISSIONS,
    target: ChangeTarget,
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

  async demand(
    change: keyof typeof PERMISSIONS,
    target: ChangeTarget,
    context: RequestContext,
  ): Promise<void> {
    const { access, clusters } = this.options;
    const permission = PERMISSIONS[change];
    const cluster = await clusters.get(target.cluster, context);
    const subject = toResourceReference(cluster, target);
    if (!(await access.allowsResource(permission, subject, context))) {
      throw new NotAllowedError(access.refusal(permission, subject, context));
    }
  }
}
