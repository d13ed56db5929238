/**
 * The service account that the portal signs in with: as many rights as the chosen level needs and no more. Generated here,
 * so that nothing has to be sent anywhere.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
import { stringify } from 'yaml';

/** What the portal is to be able to do. */
export type AccessLevel = 'read' | 'operate' | 'administer';

/** Where the service account lives, and what it and all that belongs to it is called. */
const NAMESPACE = 'backstage-k8s';
const ACCOUNT = 'portal';
const TOKEN_SECRET = 'portal-token';
const ROLE = 'backstage-k8s-portal';

const READ = ['get', 'list', 'watch'];
const CHANGE = ['create', 'update', 'patch', 'delete'];

const WORKLOADS = {
  apps: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'],
  batch: ['jobs', 'cronjobs'],
  autoscaling: ['horizontalpodautoscalers'],
  'networking.k8s.io': ['ingresses'],
};

const rule = (apiGroups: string[], resources: string[], verbs: string[]) => ({
  apiGroups,
  resources,
  verbs,
});

// Leases say how the controller manager and the scheduler are, `/readyz` how the API server and etcd are.
const READ_RULES = [
  rule(
    [''],
    [
      'namespaces',
      'nodes',
      'pods',
      'pods/log',
      'events',
      'services',
      'endpoints',
      'configmaps',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'resourcequotas',
      'limitranges',
      'serviceaccounts',
    ],
    READ,
  ),
  ...Object.entries(WORKLOADS).map(([group, resources]) =>
    rule([group], resources, READ),
  ),
  rule(['apps'], ['controllerrevisions'], READ),
  rule(['networking.k8s.io'], ['networkpolicies'], READ),
  rule(['policy'], ['poddisruptionbudgets'], READ),
  rule(['coordination.k8s.io'], ['leases'], READ),
  rule(['metrics.k8s.io'], ['nodes', 'pods'], READ),
  {
    nonResourceURLs: ['/readyz', '/readyz/*', '/livez', '/livez/*', '/version'],
    verbs: ['get'],
  },
];

const OPERATE_RULES = [
  ...READ_RULES,
  rule(
    [''],
    ['namespaces', 'services', 'configmaps', 'persistentvolumeclaims', 'pods'],
    CHANGE,
  ),
  rule([''], ['secrets'], [...READ, ...CHANGE]),
  ...Object.entries(WORKLOADS).map(([group, resources]) =>
    rule([group], resources, CHANGE),
  ),
  rule(
    ['apps'],
    ['deployments/scale', 'statefulsets/scale'],
    ['get', 'update', 'patch'],
  ),
];

const ADMINISTER_RULES = [
  rule(['*'], ['*'], ['*']),
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const RULES = {
  read: READ_RULES,
  operate: OPERATE_RULES,
  administer: ADMINISTER_RULES,
};

/** The manifest for `kubectl apply`: namespace, account, role, binding and the account's token. */
export function serviceAccountManifest(level: AccessLevel): string {
  const account = { name: ACCOUNT, namespace: NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: ROLE },
      rules: RULES[level],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: ROLE },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: ROLE,
      },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: TOKEN_SECRET,
        namespace: NAMESPACE,
        annotations: { 'kubernetes.io/service-account.name': ACCOUNT },
      },
      type: 'kubernetes.io/service-account-token',
    },
  ]
    .map(object => stringify(object, { aliasDuplicateObjects: false }))
    .join('---\n');
}

/** The commands that apply the manifest and print a kubeconfig of the account. */
export const KUBECONFIG_COMMANDS = `kubectl apply -f backstage-k8s.yaml
server=$(kubectl config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
secret="kubectl -n ${NAMESPACE} get secret ${TOKEN_SECRET} -o jsonpath"
cat <<END
apiVersion: v1
kind: Config
current-context: portal
contexts: [{name: portal, context: {cluster: portal, user: portal}}]
clusters:
- name: portal
  cluster:
    server: $server
    certificate-authority-data: $($secret='{.data.ca\\.crt}')
users:
- name: portal
  user:
    token: $($secret='{.data.token}' | base64 -d)
END
`;
