import { rolloutState } from './rollout';
import type { RolloutState } from './rollout';
import type { DeploymentObject, DeploymentParts } from './WorkloadObjects';

/** What is waited for of a rollout. */
export interface RolloutRow extends RolloutState {
  uid?: string;
  /** Of the spec that the rollout is of. */
  generation: number;
  resourceVersion?: string;
}

/** How the rollout of a deployment is; `now` in milliseconds since 1970. */
export function rolloutRow(
  deployment: DeploymentObject,
  { parts, now }: { parts: DeploymentParts; now: number },
): RolloutRow {
  const { uid, generation = 0, resourceVersion } = deployment.metadata;
  return {
    ...{ uid, generation, resourceVersion },
    ...rolloutState(deployment, { ...parts, now }),
  };
}
