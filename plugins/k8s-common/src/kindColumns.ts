/**
 * The columns of kinds besides name, namespace, health and age: what `kubectl get -o wide` shows. Kinds that are not here have
 * none; those of CustomResourceDefinitions come from the definition.
 */
import type { ColumnSource, ResourceColumn } from './columns';
import type { ResourceType } from './kinds';

/** `source`: a path (it begins with a dot), or the name of a computed cell. */
type Line = readonly [
  title: string,
  type: ResourceColumn['type'],
  source: string,
  wide?: 'wide',
];

/** `Up to date` to `upToDate`. */
function idOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+(.)/g, (_, next: string) => next.toUpperCase());
}

function columnOf([title, type, source, wide]: Line): ColumnSource {
  return {
    id: idOf(title),
    title,
    type,
    ...(source.startsWith('.') ? { path: source } : { cell: source }),
    ...(wide && { wide: true }),
  };
}

const READY: Line = ['Ready', 'text', 'readyReplicas'];
const CONTAINERS: Line[] = [
  ['Containers', 'list', 'containers', 'wide'],
  ['Images', 'list', 'images', 'wide'],
];
const SELECTOR: Line = ['Selector', 'text', 'selector', 'wide'];
const PROVISIONER: Line = ['Provisioner', 'text', '.provisioner'];
const HOSTS: Line = ['Hostnames', 'list', '.spec.hostnames'];
const PARENTS: Line = ['Parents', 'list', '.spec.parentRefs[*].name'];
const BACKENDS: Line = ['Backends', 'list', 'routeBackends'];
const ROUTE = [HOSTS, PARENTS, BACKENDS];
const BINDING: Line[] = [
  ['Role', 'text', 'roleReference'],
  ['Users', 'list', 'subjectUsers', 'wide'],
  ['Groups', 'list', 'subjectGroups', 'wide'],
  ['Service accounts', 'list', 'subjectServiceAccounts', 'wide'],
  ['Subjects', 'number', 'subjectCount'],
];
const WEBHOOKS: Line[] = [
  ['Webhooks', 'number', 'webhookCount'],
  ['Names', 'list', '.webhooks[*].name', 'wide'],
];
const EVENT: Line[] = [
  ['Last seen', 'date', 'eventTime'],
  ['Type', 'text', '.type'],
  ['Reason', 'text', '.reason'],
  ['Object', 'text', 'eventObject'],
  ['Message', 'text', 'eventMessage'],
  ['Count', 'number', 'eventCount'],
  ['Source', 'text', 'eventSource', 'wide'],
];
const USAGE: Line[] = [
  ['CPU', 'quantity', 'usedCpu'],
  ['Memory', 'quantity', 'usedMemory'],
];

/** By plural and group as `pods.` (core) or `deployments.apps`. */
const LINES: Readonly<Record<string, readonly Line[]>> = {
  'pods.': [
    ['Ready', 'text', 'podReady'],
    ['Status', 'text', 'podStatus'],
    ['Restarts', 'number', 'restarts'],
    ['Node', 'text', '.spec.nodeName'],
    ['IP', 'text', '.status.podIP', 'wide'],
    ['Last restart', 'date', 'lastRestart', 'wide'],
    ['QoS', 'text', '.status.qosClass', 'wide'],
    ['Nominated node', 'text', '.status.nominatedNodeName', 'wide'],
    ...CONTAINERS,
  ],
  'deployments.apps': [
    READY,
    ['Up to date', 'number', '.status.updatedReplicas', 'wide'],
    ['Available', 'number', '.status.availableReplicas', 'wide'],
    ['Revision', 'number', 'revision', 'wide'],
    ...CONTAINERS,
    SELECTOR,
  ],
  'statefulsets.apps': [
    READY,
    ['Up to date', 'number', '.status.updatedReplicas', 'wide'],
    ['Service', 'text', '.spec.serviceName', 'wide'],
    ...CONTAINERS,
  ],
  'daemonsets.apps': [
    ['Desired', 'number', '.status.desiredNumberScheduled'],
    ['Current', 'number', '.status.currentNumberScheduled'],
    ['Ready', 'number', '.status.numberReady'],
    ['Up to date', 'number', '.status.updatedNumberScheduled'],
    ['Available', 'number', '.status.numberAvailable'],
    ['Node selector', 'text', 'nodeSelector', 'wide'],
    ...CONTAINERS,
    SELECTOR,
  ],
  'replicasets.apps': [
    ['Desired', 'number', '.spec.replicas'],
    ['Current', 'number', '.status.replicas'],
    ['Ready', 'number', '.status.readyReplicas'],
    ...CONTAINERS,
    SELECTOR,
  ],
  'controllerrevisions.apps': [
    ['Controller', 'text', 'controller'],
    ['Revision', 'number', '.revision'],
  ],
  'replicationcontrollers.': [
    ['Desired', 'number', '.spec.replicas'],
    ['Current', 'number', '.status.replicas'],
    ['Ready', 'number', '.status.readyReplicas'],
    ...CONTAINERS,
    SELECTOR,
  ],
  'podtemplates.': CONTAINERS,
  'jobs.batch': [
    ['Completions', 'text', 'completions'],
    ['Duration', 'text', 'duration'],
    ['Started', 'date', '.status.startTime', 'wide'],
    ['Finished', 'date', '.status.completionTime', 'wide'],
    ...CONTAINERS,
    SELECTOR,
  ],
  'cronjobs.batch': [
    ['Schedule', 'text', '.spec.schedule'],
    ['Time zone', 'text', '.spec.timeZone'],
    ['Suspend', 'boolean', 'suspended'],
    ['Active', 'number', 'activeJobs'],
    ['Last run', 'date', '.status.lastScheduleTime'],
    ['Last success', 'date', '.status.lastSuccessfulTime', 'wide'],
    ...CONTAINERS,
  ],
  'services.': [
    ['Type', 'text', '.spec.type'],
    ['Cluster IP', 'text', '.spec.clusterIP'],
    ['External IP', 'list', 'externalAddresses'],
    ['Ports', 'list', 'servicePorts'],
    SELECTOR,
  ],
  'endpoints.': [['Endpoints', 'list', 'endpointAddresses']],
  'endpointslices.discovery.k8s.io': [
    ['Address type', 'text', '.addressType'],
    ['Ports', 'list', 'slicePorts'],
    ['Endpoints', 'list', '.endpoints[*].addresses[*]'],
    ['Ready', 'text', 'readyEndpoints'],
    [
      'Service',
      'text',
      '.metadata.labels.kubernetes\\.io/service-name',
      'wide',
    ],
  ],
  'ingresses.networking.k8s.io': [
    ['Class', 'text', '.spec.ingressClassName'],
    ['Hosts', 'list', 'ingressHosts'],
    ['Address', 'list', 'loadBalancerAddresses'],
    ['Ports', 'text', 'ingressPorts'],
    ['Services', 'list', 'ingressServices', 'wide'],
  ],
  'ingressclasses.networking.k8s.io': [
    ['Controller', 'text', '.spec.controller'],
    ['Parameters', 'text', '.spec.parameters.name'],
    ['Default', 'boolean', 'defaultIngressClass'],
  ],
  'networkpolicies.networking.k8s.io': [
    ['Pod selector', 'text', 'podSelector'],
    ['Types', 'list', '.spec.policyTypes'],
  ],
  'gateways.gateway.networking.k8s.io': [
    ['Class', 'text', '.spec.gatewayClassName'],
    ['Address', 'list', '.status.addresses[*].value'],
    ['Listeners', 'list', 'gatewayListeners'],
  ],
  'gatewayclasses.gateway.networking.k8s.io': [
    ['Controller', 'text', '.spec.controllerName'],
  ],
  'httproutes.gateway.networking.k8s.io': ROUTE,
  'grpcroutes.gateway.networking.k8s.io': ROUTE,
  'tlsroutes.gateway.networking.k8s.io': ROUTE,
  'tcproutes.gateway.networking.k8s.io': [PARENTS, BACKENDS],
  'udproutes.gateway.networking.k8s.io': [PARENTS, BACKENDS],
  'referencegrants.gateway.networking.k8s.io': [
    ['From', 'list', '.spec.from[*].namespace'],
    ['To', 'list', '.spec.to[*].kind'],
  ],
  'persistentvolumeclaims.': [
    ['Status', 'text', '.status.phase'],
    ['Volume', 'text', '.spec.volumeName'],
    ['Capacity', 'quantity', 'claimCapacity'],
    ['Access modes', 'list', 'accessModes'],
    ['Storage class', 'text', '.spec.storageClassName'],
    ['Volume mode', 'text', '.spec.volumeMode', 'wide'],
  ],
  'persistentvolumes.': [
    ['Capacity', 'quantity', '.spec.capacity.storage'],
    ['Access modes', 'list', 'accessModes'],
    ['Reclaim policy', 'text', '.spec.persistentVolumeReclaimPolicy'],
    ['Status', 'text', '.status.phase'],
    ['Claim', 'text', 'volumeClaim'],
    ['Storage class', 'text', '.spec.storageClassName'],
    ['Volume mode', 'text', '.spec.volumeMode', 'wide'],
  ],
  'storageclasses.storage.k8s.io': [
    PROVISIONER,
    ['Reclaim policy', 'text', '.reclaimPolicy'],
    ['Binding mode', 'text', '.volumeBindingMode'],
    ['Expandable', 'boolean', '.allowVolumeExpansion'],
    ['Default', 'boolean', 'defaultStorageClass'],
  ],
  'volumeattachments.storage.k8s.io': [
    ['Attacher', 'text', '.spec.attacher'],
    ['Volume', 'text', '.spec.source.persistentVolumeName'],
    ['Node', 'text', '.spec.nodeName'],
    ['Attached', 'boolean', '.status.attached'],
  ],
  'csidrivers.storage.k8s.io': [
    ['Attach required', 'boolean', '.spec.attachRequired'],
    ['Pod info', 'boolean', '.spec.podInfoOnMount'],
    ['Modes', 'list', '.spec.volumeLifecycleModes'],
  ],
  'csinodes.storage.k8s.io': [['Drivers', 'list', '.spec.drivers[*].name']],
  'csistoragecapacities.storage.k8s.io': [
    ['Storage class', 'text', '.storageClassName'],
    ['Capacity', 'quantity', '.capacity'],
  ],
  'configmaps.': [
    ['Data', 'number', 'dataCount'],
    ['Keys', 'list', 'dataKeys', 'wide'],
    ['Immutable', 'boolean', '.immutable', 'wide'],
  ],
  // Never a value.
  'secrets.': [
    ['Type', 'text', '.type'],
    ['Data', 'number', 'dataCount'],
    ['Immutable', 'boolean', '.immutable', 'wide'],
  ],
  'horizontalpodautoscalers.autoscaling': [
    ['Reference', 'text', 'scaleTarget'],
    ['Targets', 'list', 'autoscalerTargets'],
    ['Min', 'number', '.spec.minReplicas'],
    ['Max', 'number', '.spec.maxReplicas'],
    ['Replicas', 'number', '.status.currentReplicas'],
  ],
  'poddisruptionbudgets.policy': [
    ['Min available', 'text', '.spec.minAvailable'],
    ['Max unavailable', 'text', '.spec.maxUnavailable'],
    ['Allowed disruptions', 'number', '.status.disruptionsAllowed'],
    ['Healthy', 'text', 'budgetHealthy'],
    SELECTOR,
  ],
  'resourcequotas.': [
    ['Used', 'list', 'quotaUsed'],
    ['Scopes', 'list', '.spec.scopes', 'wide'],
  ],
  'limitranges.': [['Types', 'list', '.spec.limits[*].type']],
  'serviceaccounts.': [
    ['Secrets', 'number', 'secretCount', 'wide'],
    ['Mounts its token', 'boolean', '.automountServiceAccountToken', 'wide'],
  ],
  'roles.rbac.authorization.k8s.io': [['Rules', 'number', 'ruleCount']],
  'clusterroles.rbac.authorization.k8s.io': [
    ['Rules', 'number', 'ruleCount'],
    ['Aggregated', 'boolean', 'aggregated'],
  ],
  'rolebindings.rbac.authorization.k8s.io': BINDING,
  'clusterrolebindings.rbac.authorization.k8s.io': BINDING,
  'nodes.': [
    ['Status', 'text', 'nodeStatus'],
    ['Roles', 'list', 'nodeRoles'],
    ['Version', 'text', '.status.nodeInfo.kubeletVersion'],
    ['CPU', 'quantity', '.status.allocatable.cpu'],
    ['Memory', 'quantity', '.status.allocatable.memory'],
    ['Internal IP', 'text', 'internalAddress', 'wide'],
    ['External IP', 'text', 'externalAddress', 'wide'],
    ['Zone', 'text', 'zone', 'wide'],
    ['Taints', 'list', 'taints', 'wide'],
    ['OS image', 'text', '.status.nodeInfo.osImage', 'wide'],
    ['Kernel', 'text', '.status.nodeInfo.kernelVersion', 'wide'],
    ['Runtime', 'text', '.status.nodeInfo.containerRuntimeVersion', 'wide'],
  ],
  'namespaces.': [
    ['Status', 'text', 'namespaceStatus'],
    ['Pod security', 'text', 'podSecurityLevel'],
  ],
  'events.': EVENT,
  'events.events.k8s.io': EVENT,
  'leases.coordination.k8s.io': [
    ['Holder', 'text', '.spec.holderIdentity'],
    ['Renewed', 'date', '.spec.renewTime'],
    ['Transitions', 'number', '.spec.leaseTransitions', 'wide'],
  ],
  'customresourcedefinitions.apiextensions.k8s.io': [
    ['Group', 'text', '.spec.group'],
    ['Kind', 'text', '.spec.names.kind'],
    ['Scope', 'text', '.spec.scope'],
    ['Versions', 'list', 'servedVersions'],
    ['Short names', 'list', '.spec.names.shortNames', 'wide'],
  ],
  'apiservices.apiregistration.k8s.io': [
    ['Service', 'text', 'apiService'],
    ['Available', 'text', '.status.conditions[?(@.type=="Available")].status'],
  ],
  'validatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'validatingadmissionpolicies.admissionregistration.k8s.io': [
    ['Validations', 'number', 'validationCount'],
    ['Parameters', 'text', '.spec.paramKind.kind'],
    ['On failure', 'text', '.spec.failurePolicy'],
  ],
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': [
    ['Policy', 'text', '.spec.policyName'],
    ['Parameters', 'text', '.spec.paramRef.name'],
    ['Actions', 'list', '.spec.validationActions'],
  ],
  'priorityclasses.scheduling.k8s.io': [
    ['Value', 'number', '.value'],
    ['Global default', 'boolean', '.globalDefault'],
    ['Preemption', 'text', '.preemptionPolicy'],
  ],
  'runtimeclasses.node.k8s.io': [['Handler', 'text', '.handler']],
  'flowschemas.flowcontrol.apiserver.k8s.io': [
    ['Priority level', 'text', '.spec.priorityLevelConfiguration.name'],
    ['Precedence', 'number', '.spec.matchingPrecedence'],
    ['Distinguisher', 'text', '.spec.distinguisherMethod.type'],
  ],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
    ['Type', 'text', '.spec.type'],
    ['Shares', 'number', '.spec.limited.nominalConcurrencyShares'],
  ],
  'certificatesigningrequests.certificates.k8s.io': [
    ['Signer', 'text', '.spec.signerName'],
    ['Requestor', 'text', '.spec.username'],
    ['Condition', 'list', '.status.conditions[*].type'],
  ],
  'pods.metrics.k8s.io': USAGE,
  'nodes.metrics.k8s.io': USAGE,
};

const COLUMNS: ReadonlyMap<string, readonly ColumnSource[]> = new Map(
  Object.entries(LINES).map(([type, lines]) => [type, lines.map(columnOf)]),
);

/**
 * The columns of a kind besides name, namespace, health and age, which every kind has; undefined for a kind without a line.
 *
 * @public
 */
export function columnsOf({
  group,
  plural,
}: ResourceType): readonly ColumnSource[] | undefined {
  return COLUMNS.get(`${plural}.${group}`);
}
