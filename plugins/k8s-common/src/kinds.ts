/**
 * What discovery cannot tell about a kind. Every other kind works too, by its defaults: see {@link categoryOf}.
 */

/** What a kind is for; the least role to change it follows from it. @public */
export type ResourceCategory =
  | 'workload'
  | 'network'
  | 'storage'
  | 'configuration'
  | 'autoscaling'
  | 'namespace'
  | 'custom'
  | 'access'
  | 'policy'
  | 'cluster'
  | 'system';

/** A kind by its API group (empty: the core group) and its plural. @public */
export interface ResourceType {
  group: string;
  plural: string;
}

/** A row of {@link KINDS}. @public */
export interface KindTraits extends ResourceType {
  kind: string;
  version: string;
  namespaced: boolean;
  category: ResourceCategory;
}

const namespaced = true;
const APPS = { group: 'apps', version: 'v1', namespaced } as const;
const CORE = { group: '', version: 'v1', namespaced } as const;
const BATCH = { group: 'batch', version: 'v1', namespaced } as const;
const RBAC = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  category: 'access',
} as const;
const NETWORKING = {
  group: 'networking.k8s.io',
  version: 'v1',
  namespaced,
} as const;

/**
 * Kinds whose category differs from the default for what discovery does not know more about.
 *
 * @public
 */
export const KINDS: readonly KindTraits[] = [
  { ...APPS, plural: 'deployments', kind: 'Deployment', category: 'workload' },
  { ...APPS, plural: 'replicasets', kind: 'ReplicaSet', category: 'workload' },
  {
    ...APPS,
    plural: 'statefulsets',
    kind: 'StatefulSet',
    category: 'workload',
  },
  { ...APPS, plural: 'daemonsets', kind: 'DaemonSet', category: 'workload' },
  {
    ...APPS,
    plural: 'controllerrevisions',
    kind: 'ControllerRevision',
    category: 'workload',
  },
  { ...BATCH, plural: 'jobs', kind: 'Job', category: 'workload' },
  { ...BATCH, plural: 'cronjobs', kind: 'CronJob', category: 'workload' },
  { ...CORE, plural: 'pods', kind: 'Pod', category: 'workload' },
  { ...CORE, plural: 'events', kind: 'Event', category: 'workload' },
  {
    ...CORE,
    plural: 'replicationcontrollers',
    kind: 'ReplicationController',
    category: 'workload',
  },
  { ...CORE, plural: 'services', kind: 'Service', category: 'network' },
  { ...CORE, plural: 'endpoints', kind: 'Endpoints', category: 'network' },
  { ...NETWORKING, plural: 'ingresses', kind: 'Ingress', category: 'network' },
  {
    ...NETWORKING,
    plural: 'networkpolicies',
    kind: 'NetworkPolicy',
    category: 'policy',
  },
  {
    ...CORE,
    plural: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    category: 'storage',
  },
  {
    ...CORE,
    plural: 'configmaps',
    kind: 'ConfigMap',
    category: 'configuration',
  },
  { ...CORE, plural: 'secrets', kind: 'Secret', category: 'configuration' },
  {
    ...CORE,
    plural: 'serviceaccounts',
    kind: 'ServiceAccount',
    category: 'access',
  },
  {
    ...CORE,
    plural: 'resourcequotas',
    kind: 'ResourceQuota',
    category: 'policy',
  },
  { ...CORE, plural: 'limitranges', kind: 'LimitRange', category: 'policy' },
  {
    ...CORE,
    plural: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
    category: 'namespace',
  },
  {
    ...CORE,
    plural: 'nodes',
    kind: 'Node',
    namespaced: false,
    category: 'cluster',
  },
  { ...RBAC, plural: 'roles', kind: 'Role', namespaced },
  { ...RBAC, plural: 'rolebindings', kind: 'RoleBinding', namespaced },
  { ...RBAC, plural: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  {
    ...RBAC,
    plural: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    namespaced: false,
  },
  {
    group: 'autoscaling',
    version: 'v2',
    namespaced,
    plural: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    category: 'autoscaling',
  },
  {
    group: 'policy',
    version: 'v1',
    namespaced,
    plural: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    category: 'policy',
  },
];

/**
 * API groups of policy and admission engines: their kinds are policies, whatever they are called. A group counts with
 * everything below it (`.` before it).
 */
const POLICY_GROUPS = [
  'kyverno.io',
  'gatekeeper.sh',
  'policy',
  'admissionregistration.k8s.io',
  'policy.networking.k8s.io',
  'cilium.io',
  'projectcalico.org',
  'crd.projectcalico.org',
];

/** Namespaces that only K8sAdmin changes things in: Kubernetes' own and ours. @public */
export function isSystemNamespace(namespace: string): boolean {
  return namespace.startsWith('kube-') || namespace === 'backstage-k8s';
}

/** The labels by which a namespace sets its Pod Security level; changing one is changing a policy. @public */
export function isPodSecurityLabel(key: string): boolean {
  return key.startsWith('pod-security.kubernetes.io/');
}

const byType = new Map(
  KINDS.map(traits => [`${traits.plural}.${traits.group}`, traits]),
);

/** The row of a kind, or undefined where it has none. @public */
export function traitsOf(type: ResourceType): KindTraits | undefined {
  return byType.get(`${type.plural}.${type.group}`);
}

/**
 * The category of one object, or of all objects of a kind when neither namespace nor name is given. Without a row in
 * {@link KINDS} the kind's group decides, then whether it has a namespace.
 *
 * @public
 */
export function categoryOf(
  subject: ResourceType & {
    namespace?: string;
    name?: string;
    namespaced?: boolean;
  },
): ResourceCategory {
  const traits = traitsOf(subject);
  const isNamespace = subject.group === '' && subject.plural === 'namespaces';
  const home = isNamespace ? subject.name : subject.namespace;
  if (home !== undefined && isSystemNamespace(home)) return 'system';
  if (traits) return traits.category;
  const isPolicy = POLICY_GROUPS.some(
    group => subject.group === group || subject.group.endsWith(`.${group}`),
  );
  if (isPolicy) return 'policy';
  const hasNamespace = subject.namespaced ?? subject.namespace !== undefined;
  return hasNamespace ? 'custom' : 'cluster';
}

/** Categories that K8sOperator may change; every other needs K8sAdmin. @public */
export const OPERATOR_CATEGORIES: readonly ResourceCategory[] = [
  'workload',
  'network',
  'storage',
  'configuration',
  'autoscaling',
  'namespace',
  'custom',
];
