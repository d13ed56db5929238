import { isDnsLabel, isDnsSubdomain } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { OperationId } from '../router/Handlers';
import type { AuditIntent } from './AuditLog';

const NAMESPACES: ResourceType = { group: '', plural: 'namespaces' };
const DEPLOYMENTS: ResourceType = { group: 'apps', plural: 'deployments' };

/** What the audit calls each operation that changes something, and the kind that it changes. */
export const AUDIT_ACTIONS: Partial<
  Record<OperationId, { action: string; type?: ResourceType }>
> = {
  registerCluster: { action: 'cluster.register' },
  updateCluster: { action: 'cluster.update' },
  deleteCluster: { action: 'cluster.delete' },
  checkClusterHealth: { action: 'cluster.checkHealth' },
  createNamespace: { action: 'namespace.create', type: NAMESPACES },
  updateNamespaceLabels: { action: 'namespace.update', type: NAMESPACES },
  deleteNamespace: { action: 'namespace.delete', type: NAMESPACES },
  createDeployment: { action: 'deployment.create', type: DEPLOYMENTS },
  replaceDeployment: { action: 'deployment.update', type: DEPLOYMENTS },
  deleteDeployment: { action: 'deployment.delete', type: DEPLOYMENTS },
  setDeploymentImage: { action: 'deployment.setImage', type: DEPLOYMENTS },
  scaleDeployment: { action: 'deployment.scale', type: DEPLOYMENTS },
  restartDeployment: { action: 'deployment.restart', type: DEPLOYMENTS },
  rollbackDeployment: { action: 'deployment.rollback', type: DEPLOYMENTS },
};

/** As the contract has it: what is longer or holds anything else is the id of no cluster. */
const CLUSTER_ID = /^[a-z0-9]{1,32}$/;

function textIn(body: unknown, key: 'name' | 'namespace'): unknown {
  return typeof body === 'object' && body !== null
    ? Reflect.get(body, key)
    : undefined;
}

function named(
  candidate: unknown,
  isName: (name: string) => boolean,
): string | undefined {
  return typeof candidate === 'string' && isName(candidate)
    ? candidate
    : undefined;
}

/**
 * What a request that was refused at the edge had set out to change, or undefined when it would change nothing. The request
 * need not be valid: what is not a name is left out, since it may be of any length and hold anything.
 */
export function refusedIntent(request: {
  operation: OperationId;
  path: Record<string, string>;
  body: unknown;
}): AuditIntent | undefined {
  const known = AUDIT_ACTIONS[request.operation];
  if (!known) return undefined;
  const { path, body } = request;
  const id = named(path.id, text => CLUSTER_ID.test(text));
  return {
    action: known.action,
    cluster: id === undefined ? undefined : { id },
    resource: known.type && {
      ...known.type,
      namespace: named(path.namespace ?? textIn(body, 'namespace'), isDnsLabel),
      name: named(path.name ?? textIn(body, 'name'), isDnsSubdomain),
    },
  };
}
