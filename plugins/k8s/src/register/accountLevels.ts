import { KINDS, OPERATOR_CATEGORIES } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';

/** How much the portal's account may do in a cluster. */
export const ACCOUNT_LEVELS = ['read', 'operate', 'administer'] as const;

/** One of {@link ACCOUNT_LEVELS}. */
export type AccountLevel = (typeof ACCOUNT_LEVELS)[number];

/** A rule of a Role or ClusterRole. */
export interface AccountRule {
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}

const READ = ['get', 'list', 'watch'];
const CHANGE = ['create', 'update', 'patch', 'delete'];

/** What the pages are made of. */
const SHOWN: readonly ResourceType[] = [
  { group: '', plural: 'namespaces' },
  { group: '', plural: 'nodes' },
  { group: '', plural: 'pods' },
  { group: '', plural: 'events' },
  { group: 'apps', plural: 'deployments' },
  { group: 'apps', plural: 'replicasets' },
  { group: 'autoscaling', plural: 'horizontalpodautoscalers' },
  // What nodes and pods use, where metrics-server answers.
  { group: 'metrics.k8s.io', plural: 'nodes' },
  { group: 'metrics.k8s.io', plural: 'pods' },
];

/** Kinds of a category that only the cluster itself makes. */
const NEVER_CHANGED = ['events', 'endpoints', 'controllerrevisions'];

/** What K8sOperator may change, from the same table as the portal's roles. */
const CHANGED: readonly ResourceType[] = KINDS.filter(
  ({ category, plural }) =>
    OPERATOR_CATEGORIES.includes(category) && !NEVER_CHANGED.includes(plural),
);

/** What containers write. */
const LOGS: AccountRule = {
  apiGroups: [''],
  resources: ['pods/log'],
  verbs: ['get'],
};

/** Terminals; API servers ask for one of the verbs by their version, or for both. */
const TERMINALS: AccountRule = {
  apiGroups: [''],
  resources: ['pods/exec'],
  verbs: ['get', 'create'],
};

/** Health and version of the API server, and its list of kinds. */
const PATHS: AccountRule = {
  nonResourceURLs: [
    '/livez',
    '/livez/*',
    '/readyz',
    '/readyz/*',
    '/version',
    '/api',
    '/api/*',
    '/apis',
    '/apis/*',
  ],
  verbs: ['get'],
};

/** One rule for each API group. */
function rulesFor(
  types: readonly ResourceType[],
  verbs: string[],
): AccountRule[] {
  const groups = [...new Set(types.map(({ group }) => group))];
  return groups.map(group => ({
    apiGroups: [group],
    resources: types
      .filter(type => type.group === group)
      .map(({ plural }) => plural),
    verbs,
  }));
}

/** The rules of the account's ClusterRole. */
export const LEVEL_RULES: Record<AccountLevel, readonly AccountRule[]> = {
  read: [...rulesFor(SHOWN, READ), LOGS, PATHS],
  operate: [
    ...rulesFor(SHOWN, READ),
    ...[LOGS, TERMINALS, PATHS],
    ...rulesFor(
      CHANGED,
      // A patch reads what it changes.
      [...READ, ...CHANGE],
    ),
  ],
  administer: [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
};

/** In kube-system only: by their leases controller manager and scheduler show that they live. */
export const LEASE_RULES: readonly AccountRule[] = [
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: READ,
  },
];
