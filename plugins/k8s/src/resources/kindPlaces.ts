/** Where in a cluster's pages a kind is found: rules from the special to the general, so that a new kind needs none. */
import type { Kind } from '@backstage-k8s/plugin-k8s-common';

/** The tabs of a cluster that list kinds. */
export const KIND_PLACES = [
  'workloads',
  'network',
  'storage',
  'configuration',
  'access',
  'nodes',
  'custom',
] as const;

/** One of {@link KIND_PLACES}. */
export type KindPlace = (typeof KIND_PLACES)[number];

/** By plural and group; null: it has a tab of its own. */
const BY_KIND: Readonly<Record<string, KindPlace | null>> = {
  'namespaces.': null,
  'events.': null,
  'events.events.k8s.io': null,
  'nodes.': 'nodes',
  'nodes.metrics.k8s.io': 'nodes',
  'csinodes.storage.k8s.io': 'nodes',
  'componentstatuses.': 'nodes',
  'persistentvolumes.': 'storage',
  'resourcequotas.': 'configuration',
  'limitranges.': 'configuration',
  'poddisruptionbudgets.policy': 'workloads',
};

const BY_GROUP: Readonly<Record<string, KindPlace>> = {
  'networking.k8s.io': 'network',
  'gateway.networking.k8s.io': 'network',
  'policy.networking.k8s.io': 'network',
  'discovery.k8s.io': 'network',
  'storage.k8s.io': 'storage',
  'snapshot.storage.k8s.io': 'storage',
  'rbac.authorization.k8s.io': 'access',
  'certificates.k8s.io': 'access',
  'admissionregistration.k8s.io': 'access',
  'node.k8s.io': 'nodes',
  'scheduling.k8s.io': 'nodes',
  'resource.k8s.io': 'nodes',
};

const BY_CATEGORY: Readonly<Partial<Record<Kind['category'], KindPlace>>> = {
  workload: 'workloads',
  autoscaling: 'workloads',
  network: 'network',
  storage: 'storage',
  configuration: 'configuration',
  access: 'access',
  policy: 'access',
};

/** What is looked for most comes first; everything else follows by name. */
const FIRST = [
  ...['pods', 'deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'],
  ...['replicasets', 'horizontalpodautoscalers'],
  ...['services', 'ingresses', 'gateways', 'httproutes', 'networkpolicies'],
  ...['persistentvolumeclaims', 'persistentvolumes', 'storageclasses'],
  ...['configmaps', 'secrets', 'resourcequotas', 'limitranges'],
  ...['serviceaccounts', 'roles', 'rolebindings'],
  ...['clusterroles', 'clusterrolebindings'],
  ...['nodes', 'customresourcedefinitions'],
];

/** The tab that lists a kind; undefined: one that is about that kind alone. */
export function placeOf(
  kind: Pick<Kind, 'group' | 'plural' | 'category' | 'custom'>,
): KindPlace | undefined {
  const own = BY_KIND[`${kind.plural}.${kind.group}`];
  if (own !== undefined) return own ?? undefined;
  const byGroup = BY_GROUP[kind.group];
  if (byGroup) return byGroup;
  return (kind.custom ? undefined : BY_CATEGORY[kind.category]) ?? 'custom';
}

function rankOf({ plural, custom }: Kind): number {
  const rank = custom ? -1 : FIRST.indexOf(plural);
  return rank < 0 ? FIRST.length : rank;
}

/** The kinds of a tab that can be listed, in the order in which they are shown. */
export function kindsOfPlace(kinds: readonly Kind[], place: KindPlace): Kind[] {
  return kinds
    .filter(kind => kind.verbs.includes('list') && placeOf(kind) === place)
    .sort(
      (left, right) =>
        rankOf(left) - rankOf(right) ||
        left.group.localeCompare(right.group) ||
        left.kind.localeCompare(right.kind),
    );
}
