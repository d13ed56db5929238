/**
 * What follows from a kind: its category, and what can be done to it. The table of kinds is `kindTable.ts`; every other kind
 * works too, by its defaults.
 */
import { KINDS } from './kindTable';

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

/** What can be done to an object besides changing its fields. @public */
export type KindAction =
  | 'scale'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'suspend'
  | 'unsuspend'
  | 'run'
  | 'rollback'
  | 'logs'
  | 'exec';

/** A row of {@link KINDS}. @public */
export interface KindTraits extends ResourceType {
  kind: string;
  version: string;
  namespaced: boolean;
  category: ResourceCategory;
  /** Absent: none. */
  actions?: readonly KindAction[];
  /** Where it keeps what its pods are made from; absent: it makes none. */
  podTemplate?: readonly string[];
  /** It has nothing that could go wrong: whatever exists is healthy. */
  isPlain?: boolean;
  /** What is kept of its changes; absent: `values`. */
  history?: KeptHistory;
}

/**
 * What is kept of an object's changes: what differed with old and new values, only which keys of its data differed, or
 * nothing since it changes all the time by itself.
 *
 * @public
 */
export type KeptHistory = 'values' | 'keys' | 'none';

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

/** What is kept of the changes of a kind's objects. @public */
export function keptHistoryOf(type: ResourceType): KeptHistory {
  return traitsOf(type)?.history ?? 'values';
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
