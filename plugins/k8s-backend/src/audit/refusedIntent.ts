import {
  isDnsLabel,
  isDnsSubdomain,
  isValidName,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { groupOfPath } from '../discovery/groupOfPath';
import type { OperationId } from '../router/Handlers';
import { readKubePath } from '../proxy/readKubePath';
import { at, fieldOf } from '../rows/fields';
import type { AuditIntent } from './AuditLog';

const NAMESPACES: ResourceType = { group: '', plural: 'namespaces' };
const PODS: ResourceType = { group: '', plural: 'pods' };
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
  readPodLogs: { action: 'logs.read', type: PODS },
  openLogStream: { action: 'logs.read', type: PODS },
  createTerminal: { action: 'terminal.open', type: PODS },
};

/** Operations on objects of any kind, and what they do to one; absent: the action that the path names. */
const ANY_KIND: Partial<Record<OperationId, string | undefined>> = {
  createResource: 'create',
  applyResource: 'apply',
  patchResource: 'patch',
  deleteResource: 'delete',
  actOnResource: undefined,
  applyResourceOfClusters: 'apply',
  createResourceOfClusters: 'create',
  patchResourceOfClusters: 'patch',
  deleteResourceOfClusters: 'delete',
  actOnResourceOfClusters: undefined,
};
/** Operations of the Kubernetes API, and what they do to an object. */
const KUBERNETES: Partial<Record<OperationId, string>> = {
  proxyCreate: 'create',
  proxyPatch: 'patch',
  proxyDelete: 'delete',
};
const ACTION = /^[a-z]{1,16}$/;

/** As the contract has it: what is longer or holds anything else is the id of no cluster. */
const CLUSTER_ID = /^[a-z0-9]{1,32}$/;

function textIn(body: unknown, key: 'name' | 'namespace'): unknown {
  return fieldOf(body, key) ?? at(body, 'manifest', 'metadata', key);
}

function named(
  candidate: unknown,
  isName: (name: string) => boolean,
): string | undefined {
  return typeof candidate === 'string' && isName(candidate)
    ? candidate
    : undefined;
}

/** What the audit calls a change of an object of any kind; by its kind where that is known, else by its plural. */
function intentOfAnyKind(
  operation: OperationId,
  path: Record<string, string>,
): { action: string; type?: ResourceType } | undefined {
  if (!(operation in ANY_KIND)) return undefined;
  const verb =
    ANY_KIND[operation] ??
    named(path.action, text => ACTION.test(text)) ??
    'act';
  const group = named(path.group, isDnsSubdomain);
  const plural = named(path.plural, isDnsLabel);
  if (group === undefined || plural === undefined) {
    return { action: `resource.${verb}` };
  }
  const type = { group: groupOfPath(group), plural };
  return { action: `${wordFor(type)}.${verb}`, type };
}

/** What the audit calls a kind. */
function wordFor(type: ResourceType): string {
  return traitsOf(type)?.kind.toLowerCase() ?? type.plural;
}

/** What a request of the Kubernetes API had set out to change; a path that is none is of no kind. */
function intentOfKubernetes(
  verb: string,
  path: Record<string, string>,
): AuditIntent {
  const id = named(path.id, text => CLUSTER_ID.test(text));
  const cluster = id === undefined ? undefined : { id };
  try {
    const read = readKubePath(path.path);
    if (read.type === 'collection' || read.type === 'object') {
      const { group, plural, namespace } = read.collection;
      const name = read.type === 'object' ? read.name : undefined;
      return {
        action: `${wordFor({ group, plural })}.${verb}`,
        cluster,
        resource: { group, plural, namespace, name },
      };
    }
  } catch {
    // What it would have changed cannot be told from its path.
  }
  return { action: `proxy.${verb}`, cluster };
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
  const { operation, path, body } = request;
  const verb = KUBERNETES[operation];
  if (verb !== undefined) return intentOfKubernetes(verb, path);
  const known = AUDIT_ACTIONS[operation] ?? intentOfAnyKind(operation, path);
  if (!known) return undefined;
  const { type } = known;
  const id = named(path.id, text => CLUSTER_ID.test(text));
  return {
    action: known.action,
    cluster: id === undefined ? undefined : { id },
    resource: type && {
      ...type,
      namespace: named(path.namespace ?? textIn(body, 'namespace'), isDnsLabel),
      name: named(path.name ?? textIn(body, 'name'), name =>
        isValidName(type, name),
      ),
    },
  };
}
