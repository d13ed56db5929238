import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { namespaceStatus } from '../../views/namespaceRow';
import { at, conditionsOf, fieldOf, itemsOf, textOf } from '../fields';
import type { CellTable } from './Cell';

const ROLE_LABEL = 'node-role.kubernetes.io/';
const ZONE_LABELS = [
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
];
const POD_SECURITY_LABEL = 'pod-security.kubernetes.io/enforce';
const DEFAULT_STORAGE_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT_INGRESS_CLASS = 'ingressclass.kubernetes.io/is-default-class';

const labelOf = ({ metadata }: KubernetesObject, key: string) =>
  textOf(fieldOf(metadata.labels, key));

const isMarked = ({ metadata }: KubernetesObject, annotation: string) =>
  fieldOf(metadata.annotations, annotation) === 'true';

function addressOf(node: KubernetesObject, type: string): string | undefined {
  const address = itemsOf(at(node, 'status', 'addresses')).find(
    item => fieldOf(item, 'type') === type,
  );
  return textOf(fieldOf(address, 'address'));
}

/** What `kubectl get nodes` shows as STATUS. */
export function nodeStatus(node: KubernetesObject): string {
  const ready = conditionsOf(node).find(({ type }) => type === 'Ready');
  const word = ready?.status === 'True' ? 'Ready' : 'NotReady';
  const isClosed = at(node, 'spec', 'unschedulable') === true;
  return `${ready ? word : 'Unknown'}${isClosed ? ', SchedulingDisabled' : ''}`;
}

/** Cells of nodes, namespaces and what is in no namespace. */
export const CLUSTER_CELLS: CellTable = {
  nodeStatus,
  nodeRoles: ({ metadata }) =>
    Object.keys(metadata.labels ?? {})
      .filter(key => key.startsWith(ROLE_LABEL) && key !== ROLE_LABEL)
      .map(key => key.slice(ROLE_LABEL.length))
      .sort(),
  internalAddress: node => addressOf(node, 'InternalIP'),
  externalAddress: node => addressOf(node, 'ExternalIP'),
  zone: node =>
    ZONE_LABELS.map(label => labelOf(node, label)).find(zone => zone),
  taints: node =>
    itemsOf(at(node, 'spec', 'taints')).flatMap(taint => {
      const key = textOf(fieldOf(taint, 'key'));
      if (key === undefined) return [];
      const value = textOf(fieldOf(taint, 'value'));
      return [`${key}${value ? `=${value}` : ''}:${fieldOf(taint, 'effect')}`];
    }),
  namespaceStatus,
  podSecurityLevel: namespace => labelOf(namespace, POD_SECURITY_LABEL),
  defaultStorageClass: object => isMarked(object, DEFAULT_STORAGE_CLASS),
  defaultIngressClass: object => isMarked(object, DEFAULT_INGRESS_CLASS),
  servedVersions: definition =>
    itemsOf(at(definition, 'spec', 'versions')).flatMap(version =>
      fieldOf(version, 'served') === true
        ? textOf(fieldOf(version, 'name')) ?? []
        : [],
    ),
  apiService: object => {
    const name = textOf(at(object, 'spec', 'service', 'name'));
    if (name === undefined) return 'Local';
    return `${textOf(at(object, 'spec', 'service', 'namespace'))}/${name}`;
  },
};
