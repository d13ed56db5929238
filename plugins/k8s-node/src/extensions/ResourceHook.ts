import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type {
  ClusterReference,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '../resources/RequestContext';
import type {
  ObjectReference,
  ResourcePatch,
} from '../resources/ResourceClient';

/** A change that is about to be made, or was made. @public */
export interface ResourceOperation {
  readonly verb: 'create' | 'apply' | 'patch' | 'delete';
  readonly cluster: ClusterReference;
  readonly reference: ObjectReference;
  /** create, apply: the manifest. */
  readonly object?: KubernetesObject;
  /** patch: what changes. */
  readonly patch?: ResourcePatch;
  /** What the audit calls it, e.g. `deployment.scale`. */
  readonly action: string;
  /** Only planned: nothing will be changed. */
  readonly dryRun: boolean;
}

/** What a hook makes of a change; what is left out stays. @public */
export interface ResourceOperationChange {
  object?: KubernetesObject;
  patch?: ResourcePatch;
}

/**
 * Something that wants to know of changes before or after they are made, whichever route they come by. Plans (dry runs) are asked
 * about too, so that people see before what would be refused or changed.
 *
 * @public
 */
export interface ResourceHook {
  /** Unique; told in logs. */
  readonly name: string;
  /**
   * May refuse by throwing an error of `@backstage/errors`, whose message is shown, or answer with another object or patch. It cannot
   * change what the change is about: cluster, kind, namespace and name. What it answers is authorized again.
   */
  before?(
    operation: ResourceOperation,
    context: RequestContext,
  ): Promise<ResourceOperationChange | void>;
  /** Told of what was done; what it throws is logged and changes nothing. Not called for plans. */
  after?(
    operation: ResourceOperation,
    result: { object?: KubernetesObject },
    context: RequestContext,
  ): Promise<void>;
}

/** Where modules add hooks. @public */
export interface ResourceHooksExtensionPoint {
  /** Hooks run in the order in which they are added, each with what the one before made of the change. */
  addHook(hook: ResourceHook): void;
}

/** Where modules add hooks. @public */
export const k8sResourceHooksExtensionPoint =
  createExtensionPoint<ResourceHooksExtensionPoint>({
    id: 'k8s.resource-hooks',
  });
