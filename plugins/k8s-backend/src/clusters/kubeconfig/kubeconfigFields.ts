/**
 * The fields of a kubeconfig: what is read, what is without meaning here, and what is refused, with what to use instead.
 */

const ACCOUNT =
  'make a service account for the portal and give its token (kubectl create token)';
const EMBED =
  'embed the data instead (kubectl config view --raw --flatten --minify)';
const NO_FILES = 'files of the machine are not read';
const IMPERSONATION = `other users are not impersonated; ${ACCOUNT}`;

/** What is done with a field: it is read or has no meaning here (`ok`), or why it is refused and what to do. */
type FieldRule = 'ok' | string;

/** Fields by the part of a kubeconfig that they are in; any other field is refused. */
export const KUBECONFIG_FIELDS = {
  kubeconfig: {
    apiVersion: 'ok',
    kind: 'ok',
    clusters: 'ok',
    users: 'ok',
    contexts: 'ok',
    'current-context': 'ok',
    preferences: 'ok',
    extensions: 'ok',
  },
  cluster: {
    server: 'ok',
    'certificate-authority-data': 'ok',
    'tls-server-name': 'ok',
    'insecure-skip-tls-verify': 'ok',
    'disable-compression': 'ok',
    extensions: 'ok',
    'certificate-authority': `${NO_FILES}; ${EMBED}`,
    'proxy-url':
      'a kubeconfig names no proxy here; one that the portal needs is configured by its operator (k8s.addresses.proxy)',
  },
  user: {
    token: 'ok',
    'client-certificate-data': 'ok',
    'client-key-data': 'ok',
    extensions: 'ok',
    exec: `programs are not run; ${ACCOUNT}`,
    'auth-provider': `sign-in plug-ins are not run; ${ACCOUNT}`,
    username: `signing in by user name and password is not possible; ${ACCOUNT}`,
    password: `signing in by user name and password is not possible; ${ACCOUNT}`,
    tokenFile: `${NO_FILES}; give the token itself as token`,
    'client-certificate': `${NO_FILES}; ${EMBED}`,
    'client-key': `${NO_FILES}; ${EMBED}`,
    as: IMPERSONATION,
    'as-uid': IMPERSONATION,
    'as-groups': IMPERSONATION,
    'as-user-extra': IMPERSONATION,
  },
  context: { cluster: 'ok', user: 'ok', namespace: 'ok', extensions: 'ok' },
} as const satisfies Record<string, Record<string, FieldRule>>;

/** A part of a kubeconfig that has fields. */
export type KubeconfigPart = keyof typeof KUBECONFIG_FIELDS;
