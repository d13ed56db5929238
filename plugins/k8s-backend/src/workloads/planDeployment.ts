import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { planOf } from './plan';
import { changeWarnings } from './planWarnings';
import type { DeploymentObject } from './WorkloadObjects';

/** What a change of a deployment would do, with what somebody should know before. */
export function planDeployment(options: {
  before?: DeploymentObject;
  after: DeploymentObject;
  scaledBy?: string;
  /** Of the deployment as it is. */
  rollout?: Schema<'Rollout'>;
}): Schema<'Plan'> {
  const plan = planOf(options);
  const { changes } = plan;
  return { ...plan, warnings: changeWarnings({ ...options, changes }) };
}
