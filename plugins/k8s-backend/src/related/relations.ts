/**
 * The one table of what objects have to do with each other. A new relation, or a kind in one that exists, is a line here; which
 * kinds an owner is asked for is below it.
 */
import { KINDS } from '@backstage-k8s/plugin-k8s-common';
import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';
import {
  boundAccounts,
  boundRole,
  endpointPods,
  gatewayCertificates,
  ingressBackends,
  ingressCertificates,
  named,
  namedEach,
  ownerLinks,
  ownNamespace,
  podsBy,
  podsByLabels,
  routeBackends,
  routeParents,
  scaleTarget,
  volumeClaim,
  webhookServices,
} from './objectLinks';
import {
  accountLinks,
  environmentLinks,
  pullSecretLinks,
  volumeLinks,
} from './podLinks';
import type { LinkReader, Relation, RelationName, TypeName } from './Relation';
import { typeNameOf } from './Relation';

const PODS = ['pods.'];
const NODES = ['nodes.'];
const SERVICES = ['services.'];
const CONFIG_MAPS = ['configmaps.'];
const SECRETS = ['secrets.'];
const ACCOUNTS = ['serviceaccounts.'];
const CLAIMS = ['persistentvolumeclaims.'];
const VOLUMES = ['persistentvolumes.'];
const ATTACHMENTS = ['volumeattachments.storage.k8s.io'];
const STORAGE_CLASSES = ['storageclasses.storage.k8s.io'];
const INGRESSES = ['ingresses.networking.k8s.io'];
const INGRESS_CLASSES = ['ingressclasses.networking.k8s.io'];
const SLICES = ['endpointslices.discovery.k8s.io'];
const NETWORK_POLICIES = ['networkpolicies.networking.k8s.io'];
const BUDGETS = ['poddisruptionbudgets.policy'];
const QUOTAS = ['resourcequotas.', 'limitranges.'];
const GATEWAYS = ['gateways.gateway.networking.k8s.io'];
const GATEWAY_CLASSES = ['gatewayclasses.gateway.networking.k8s.io'];
const ROUTES = ['http', 'grpc', 'tcp', 'tls', 'udp'].map(
  protocol => `${protocol}routes.gateway.networking.k8s.io`,
);
const ROLES = ['roles.rbac.authorization.k8s.io'];
const CLUSTER_ROLES = ['clusterroles.rbac.authorization.k8s.io'];
const ROLE_BINDINGS = ['rolebindings.rbac.authorization.k8s.io'];
const CLUSTER_BINDINGS = ['clusterrolebindings.rbac.authorization.k8s.io'];
const BINDINGS = [...ROLE_BINDINGS, ...CLUSTER_BINDINGS];
const AUTOSCALERS = ['horizontalpodautoscalers.autoscaling'];
const VERTICAL_AUTOSCALERS = ['verticalpodautoscalers.autoscaling.k8s.io'];
const SCALED_OBJECTS = ['scaledobjects.keda.sh'];
const WEBHOOKS = ['validating', 'mutating'].map(
  sort => `${sort}webhookconfigurations.admissionregistration.k8s.io`,
);
const STATEFUL_SETS = ['statefulsets.apps'];
const WORKLOADS = [
  'deployments.apps',
  ...STATEFUL_SETS,
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
];
const CONTROLLERS = ['replicationcontrollers.'];
/** Pods and what makes them. */
const POD_MAKERS = KINDS.filter(
  ({ podTemplate }) => podTemplate !== undefined,
).map(typeNameOf);

/** Kinds that something may scale. */
const isScaled = (kind: KindDescription) =>
  kind.actions.includes('scale') || WORKLOADS.includes(typeNameOf(kind));

type More = Pick<
  Relation,
  'isBackward' | 'isAcrossNamespaces' | 'column' | 'isHub' | 'isWide'
>;
type Line = readonly [
  relation: RelationName,
  from: Relation['from'],
  to: Relation['to'],
  links: LinkReader,
  more?: More,
];

/** Nobody has to be asked: the other side tells as well, or it is found in another way. */
const ONE_WAY: TypeName[] = [];
const BACKWARD: More = { isBackward: true };
const ANYWHERE: More = { isAcrossNamespaces: true };
const HUB: More = { isHub: true };
const WIDE: More = { isWide: true };
const hubBy = (column: string): More => ({ ...HUB, column });

const LINES: readonly Line[] = [
  ['owns', 'any', ONE_WAY, ownerLinks, BACKWARD],
  ['selects', SERVICES, PODS, podsByLabels],
  ['selects', CONTROLLERS, PODS, podsByLabels],
  ['selects', WORKLOADS, PODS, podsBy('spec', 'selector')],
  ['selects', BUDGETS, PODS, podsBy('spec', 'selector')],
  ['restricts', NETWORK_POLICIES, PODS, podsBy('spec', 'podSelector'), WIDE],
  ['scales', AUTOSCALERS, isScaled, scaleTarget('spec', 'scaleTargetRef')],
  ['scales', SCALED_OBJECTS, isScaled, scaleTarget('spec', 'scaleTargetRef')],
  ['scales', VERTICAL_AUTOSCALERS, isScaled, scaleTarget('spec', 'targetRef')],
  ['mounts', POD_MAKERS, [...CONFIG_MAPS, ...SECRETS, ...CLAIMS], volumeLinks],
  ['uses', POD_MAKERS, [...CONFIG_MAPS, ...SECRETS], environmentLinks],
  ['uses', POD_MAKERS, SECRETS, pullSecretLinks, HUB],
  ['uses', POD_MAKERS, ACCOUNTS, accountLinks, HUB],
  ['runsOn', PODS, NODES, named('nodes.', 'spec', 'nodeName'), hubBy('node')],
  ['routes', INGRESSES, SERVICES, ingressBackends],
  ['routes', ROUTES, SERVICES, routeBackends, ANYWHERE],
  ['routes', ROUTES, GATEWAYS, routeParents, { ...BACKWARD, ...ANYWHERE }],
  ['routes', SLICES, PODS, endpointPods],
  ['uses', INGRESSES, SECRETS, ingressCertificates],
  ['uses', GATEWAYS, SECRETS, gatewayCertificates],
  [
    'uses',
    INGRESSES,
    INGRESS_CLASSES,
    named(INGRESS_CLASSES[0], 'spec', 'ingressClassName'),
    HUB,
  ],
  [
    'uses',
    GATEWAYS,
    GATEWAY_CLASSES,
    named(GATEWAY_CLASSES[0], 'spec', 'gatewayClassName'),
    HUB,
  ],
  ['uses', STATEFUL_SETS, SERVICES, named('services.', 'spec', 'serviceName')],
  ['uses', WEBHOOKS, SERVICES, webhookServices],
  ['binds', CLAIMS, ONE_WAY, named(VOLUMES[0], 'spec', 'volumeName')],
  ['binds', VOLUMES, ONE_WAY, volumeClaim, BACKWARD],
  [
    'binds',
    ATTACHMENTS,
    VOLUMES,
    named(VOLUMES[0], 'spec', 'source', 'persistentVolumeName'),
    { column: 'volume' },
  ],
  [
    'runsOn',
    ATTACHMENTS,
    NODES,
    named('nodes.', 'spec', 'nodeName'),
    hubBy('node'),
  ],
  [
    'uses',
    [...CLAIMS, ...VOLUMES],
    STORAGE_CLASSES,
    named(STORAGE_CLASSES[0], 'spec', 'storageClassName'),
    hubBy('storageClass'),
  ],
  ['uses', ACCOUNTS, SECRETS, namedEach('secrets.', 'secrets')],
  ['uses', ACCOUNTS, SECRETS, namedEach('secrets.', 'imagePullSecrets'), HUB],
  ['binds', BINDINGS, ACCOUNTS, boundAccounts, ANYWHERE],
  ['uses', ROLE_BINDINGS, ROLES, boundRole],
  ['uses', BINDINGS, CLUSTER_ROLES, boundRole, HUB],
  ['restricts', QUOTAS, ['namespaces.'], ownNamespace],
];

/** All relations. */
export const RELATIONS: readonly Relation[] = LINES.map(
  ([relation, from, to, links, more]) => ({
    ...{ relation, from, to, links },
    ...more,
  }),
);

/** What each kind owns; a kind that Kubernetes itself has and that is not here owns nothing worth looking for. */
export const OWNED: Readonly<Record<TypeName, readonly TypeName[]>> = {
  'deployments.apps': ['replicasets.apps'],
  'replicasets.apps': PODS,
  'replicationcontrollers.': PODS,
  'statefulsets.apps': ['pods.', 'controllerrevisions.apps', ...CLAIMS],
  'daemonsets.apps': ['pods.', 'controllerrevisions.apps'],
  'cronjobs.batch': ['jobs.batch'],
  'jobs.batch': PODS,
  'pods.': CLAIMS,
  'services.': SLICES,
};

/** What objects of custom kinds are asked for, besides the custom kinds that belong to theirs. */
export const OWNED_BY_CUSTOM: readonly TypeName[] = [
  ...WORKLOADS,
  'cronjobs.batch',
  ...PODS,
  ...SERVICES,
  ...INGRESSES,
  ...CONFIG_MAPS,
  ...SECRETS,
  ...CLAIMS,
  ...ACCOUNTS,
  ...ROLES,
  ...ROLE_BINDINGS,
  ...NETWORK_POLICIES,
  ...BUDGETS,
  ...AUTOSCALERS,
];
