import { NotAllowedError } from '@backstage/errors';
import type {
  K8sResourcePermission,
  ResourceCategory,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import { toResourceReference } from '../resources/resourceReference';

/** What somebody sets out to do to an object. */
export interface IntendedChange {
  permission: K8sResourcePermission;
  reference: ObjectReference;
  /** Where the change is about more than the kind says, e.g. labels that set a policy. */
  category?: ResourceCategory;
}

/**
 * Refuses changes before anything is told of the object: a change that looks at the object first (is there such a revision,
 * such a container) must not answer 404 or 400 to somebody who may not make it.
 */
export interface ChangeGuard {
  /** @throws NotAllowedError, or NotFoundError when the cluster may not be seen */
  require(change: IntendedChange, context: RequestContext): Promise<void>;
}

/** Refuses by access control. */
export class AccessChangeGuard implements ChangeGuard {
  constructor(
    private readonly options: {
      access: AccessControl;
      clusters: VisibleClusters;
    },
  ) {}

  async require(
    { permission, reference, category }: IntendedChange,
    context: RequestContext,
  ): Promise<void> {
    const { access, clusters } = this.options;
    const cluster = await clusters.get(reference.cluster, context);
    const resource = toResourceReference(cluster, reference);
    // What is in a system namespace needs its administrator, whatever the change is about.
    const subject =
      category === undefined || resource.category === 'system'
        ? resource
        : { ...resource, category };
    if (!(await access.allowsResource(permission, subject, context))) {
      throw new NotAllowedError(access.refusal(permission, subject, context));
    }
  }
}
