import { deploymentView } from './DeploymentView';
import { eventView } from './EventView';
import { namespaceView } from './NamespaceView';
import { nodeView } from './NodeView';
import type { ViewDefinition } from './ViewRows';

/** All views, by name. */
export const VIEWS: Readonly<Record<string, ViewDefinition>> = {
  deployments: deploymentView({ shape: 'list' }),
  deploymentDetails: deploymentView({ shape: 'detail' }),
  events: eventView,
  namespaces: namespaceView,
  nodes: nodeView,
  rolloutOfOne: deploymentView({ shape: 'rollout' }),
  serviceDeployments: deploymentView({ shape: 'service' }),
  unsettledRollouts: deploymentView({ shape: 'unsettled' }),
};
