import { stringify } from 'yaml';
import { LEASE_RULES, LEVEL_RULES } from './accountLevels';
import type { AccountLevel } from './accountLevels';

/** The account that the portal signs in as. */
export interface PortalAccount {
  namespace: string;
  /** Whether the namespace is made too. */
  createsNamespace: boolean;
  level: AccountLevel;
}

/** What the account, its roles, their bindings and its token are called. */
export const ACCOUNT_NAME = 'backstage-portal';
/** Where the account is, unless somebody says otherwise. */
export const ACCOUNT_NAMESPACE = 'backstage-k8s';
/** What the manifest is saved as. */
export const MANIFEST_FILE = 'backstage-portal.yaml';

const RBAC = 'rbac.authorization.k8s.io';
const SYSTEM = 'kube-system';

/** The manifest of a service account with the rights of its level and a token that does not end. */
export function createManifest(account: PortalAccount): string {
  const { namespace, createsNamespace, level } = account;
  const subjects = [{ kind: 'ServiceAccount', name: ACCOUNT_NAME, namespace }];
  const role = (kind: 'Role' | 'ClusterRole', where?: string) => ({
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name: ACCOUNT_NAME, namespace: where },
    rules: kind === 'Role' ? LEASE_RULES : LEVEL_RULES[level],
  });
  const binding = (kind: 'Role' | 'ClusterRole', where?: string) => ({
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: { name: ACCOUNT_NAME, namespace: where },
    roleRef: { apiGroup: RBAC, kind, name: ACCOUNT_NAME },
    subjects,
  });
  const objects = [
    createsNamespace && {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: ACCOUNT_NAME, namespace },
    },
    role('ClusterRole'),
    binding('ClusterRole'),
    level !== 'administer' && role('Role', SYSTEM),
    level !== 'administer' && binding('Role', SYSTEM),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: {
        name: ACCOUNT_NAME,
        namespace,
        annotations: { 'kubernetes.io/service-account.name': ACCOUNT_NAME },
      },
    },
  ];
  return objects
    .filter(object => object !== false)
    .map(object =>
      stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }),
    )
    .join('---\n');
}

/** Commands that apply the manifest and print a kubeconfig of the account, with the address that kubectl itself uses. */
export function createCommands({
  namespace,
}: Pick<PortalAccount, 'namespace'>): string {
  const ofCluster = (field: string) =>
    `$(kubectl config view --minify --flatten --raw -o jsonpath='{.clusters[0].cluster.${field}}')`;
  return `kubectl apply -f ${MANIFEST_FILE} && for try in 1 2 3 4 5 6 7 8 9 10; do
  TOKEN=$(kubectl get secret ${ACCOUNT_NAME} -n ${namespace} -o go-template='{{.data.token | base64decode}}' 2>/dev/null) && break
  sleep 1
done
[ -n "$TOKEN" ] && cat <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: "$(kubectl config current-context)"
contexts:
  - name: "$(kubectl config current-context)"
    context: { cluster: cluster, user: ${ACCOUNT_NAME} }
clusters:
  - name: cluster
    cluster:
      server: "${ofCluster('server')}"
      certificate-authority-data: "${ofCluster('certificate-authority-data')}"
      tls-server-name: "${ofCluster('tls-server-name')}"
users:
  - name: ${ACCOUNT_NAME}
    user: { token: "$TOKEN" }
KUBECONFIG
`;
}
