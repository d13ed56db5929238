import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { isOrderedVersion } from '../resources/resourceVersion';
import { planOf } from '../workloads/plan';
import { changeWarnings } from '../workloads/planWarnings';

/** What a change would do, with what somebody should know before. */
export function planOfChange(options: {
  /** Absent: there is none yet. */
  before?: KubernetesObject;
  after: KubernetesObject;
  scaledBy?: string;
}): Schema<'Plan'> {
  const plan = planOf(options);
  const { changes } = plan;
  return { ...plan, warnings: changeWarnings({ ...options, changes }) };
}

/** The answer to a change: the object as it now is, or the plan of what would come of it. */
export function changed(
  { metadata }: KubernetesObject,
  plan?: Schema<'Plan'> | false,
): Schema<'ResourceChange'> {
  const { name = '', namespace, resourceVersion = '' } = metadata;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    status: plan ? 'planned' : 'done',
    // Aggregated APIs may have versions that nobody can wait for.
    ...(!plan && isOrderedVersion(resourceVersion) && { resourceVersion }),
    ...(plan && { plan }),
  };
}
