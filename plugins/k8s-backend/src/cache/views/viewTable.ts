import { deploymentView } from './DeploymentView';
import type { ViewDefinition } from './ViewRows';

/** All views, by name. */
export const VIEWS: Readonly<Record<string, ViewDefinition>> = {
  deployments: deploymentView({ isDetailed: false }),
  deploymentDetails: deploymentView({ isDetailed: true }),
};
