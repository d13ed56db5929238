import { InputError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterAuthentications } from '../authentication/ClusterAuthentications';
import type { ClusterEndpoint, StoredAuthentication } from './ClusterStore';
import { readKubeconfig } from './kubeconfig/readKubeconfig';
import { readCertificates } from './readCertificates';
import { readServer } from './readServer';

/** Access to a cluster as somebody gives it: a kubeconfig, or an address with a token or what another strategy needs. */
export type GivenAccess = Omit<Schema<'ClusterAccess'>, 'id'>;

/** Access to a cluster, read and checked for form; nobody was asked yet. */
export interface ClusterAccess {
  endpoint: ClusterEndpoint;
  authentication: StoredAuthentication;
  /** Contexts of the kubeconfig; absent without one. */
  contexts?: string[];
  context?: string;
}

/** Reads what strategies need. */
export type AuthenticationReader = Pick<ClusterAuthentications, 'read'>;

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

function readTlsServerName(
  name: string | undefined,
  field: string,
): string | undefined {
  if (name === undefined || HOST.test(name)) return name;
  throw new InputError(`${field} is not the name of a host`);
}

function fromKubeconfig(
  text: string,
  given: GivenAccess,
  authentications: AuthenticationReader,
): ClusterAccess {
  const read = readKubeconfig(text, { context: given.context });
  const { cluster, user } = read.places;
  if (read.skipTlsVerify && !given.skipTlsVerify) {
    throw new InputError(
      `${cluster}.insecure-skip-tls-verify: the API server's certificate has to be checked; give the cluster's CA as certificate-authority-data`,
    );
  }
  const { caData, server, contexts, context } = read;
  return {
    endpoint: {
      server: readServer(server, `${cluster}.server`),
      caData:
        caData &&
        readCertificates(caData, `${cluster}.certificate-authority-data`),
      tlsServerName: readTlsServerName(
        read.tlsServerName,
        `${cluster}.tls-server-name`,
      ),
      skipTlsVerify: given.skipTlsVerify ?? false,
    },
    authentication: authenticationOf(read, user, authentications),
    contexts,
    context,
  };
}

/** What the fields of strategies are called in a kubeconfig. */
const KUBECONFIG_NAMES: Record<string, string> = {
  token: 'token',
  clientCertificate: 'client-certificate-data',
  clientKey: 'client-key-data',
};

function authenticationOf(
  read: ReturnType<typeof readKubeconfig>,
  place: string,
  authentications: AuthenticationReader,
): StoredAuthentication {
  const { token, clientCertificate, clientKey } = read;
  if (token !== undefined && clientCertificate !== undefined) {
    throw new InputError(
      `${place} has a token and a client certificate; give one of them`,
    );
  }
  const label = (field: string) => `${place}.${KUBECONFIG_NAMES[field]}`;
  if (token !== undefined) {
    return authentications.read('token', { token }, { label });
  }
  if (clientCertificate === undefined || clientKey === undefined) {
    throw new InputError(
      `${place} has no credential; give token, or client-certificate-data with client-key-data`,
    );
  }
  return authentications.read(
    'clientCertificate',
    { clientCertificate, clientKey },
    { label },
  );
}

/** How to sign in to an address; undefined where nobody said. */
function givenAuthentication(
  { token, authentication }: GivenAccess,
  authentications: AuthenticationReader,
): StoredAuthentication | undefined {
  if (token && authentication) {
    throw new InputError('Give either token or authentication, not both');
  }
  if (token) {
    return authentications.read('token', { token }, { label: name => name });
  }
  if (!authentication) return undefined;
  const { strategy, fields } = authentication;
  const label = (field: string) => `authentication.fields.${field}`;
  return authentications.read(strategy, fields, { label });
}

/**
 * Reads access to a cluster.
 *
 * @throws InputError that names the field and says what to do, without anything that was given
 */
export function readClusterAccess(
  given: GivenAccess,
  authentications: AuthenticationReader,
): ClusterAccess {
  const { kubeconfig, server, caData, tlsServerName } = given;
  if (kubeconfig !== undefined) {
    const { token, authentication } = given;
    const beside = { server, caData, tlsServerName, token, authentication };
    const [second] = Object.entries(beside).find(([, value]) => value) ?? [];
    if (second) {
      throw new InputError(`Give either kubeconfig or ${second}, not both`);
    }
    return fromKubeconfig(kubeconfig, given, authentications);
  }
  const authentication = givenAuthentication(given, authentications);
  if (!server || !authentication) {
    throw new InputError(
      'Give a kubeconfig, or the address of the API server (server) with a token or an authentication',
    );
  }
  return {
    endpoint: {
      server: readServer(server, 'server'),
      caData: caData ? readCertificates(caData, 'caData') : undefined,
      tlsServerName: readTlsServerName(
        tlsServerName || undefined,
        'tlsServerName',
      ),
      skipTlsVerify: given.skipTlsVerify ?? false,
    },
    authentication,
  };
}
