import { deploymentView } from './DeploymentView';
import { eventView } from './EventView';
import { namespaceView } from './NamespaceView';
import { nodeView } from './NodeView';
import type { ViewDefinition } from './ViewRows';

/** All views, by name. */
export const VIEWS: Readonly<Record<string, ViewDefinition>> = {
  deployments: deploymentView({ isDetailed: false }),
  deploymentDetails: deploymentView({ isDetailed: true }),
  events: eventView,
  namespaces: namespaceView,
  nodes: nodeView,
};
