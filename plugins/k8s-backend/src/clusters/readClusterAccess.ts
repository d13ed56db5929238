import { InputError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterCredential, ClusterEndpoint } from './ClusterStore';
import { readKubeconfig } from './kubeconfig/readKubeconfig';
import { readCertificates, readClientCertificate } from './readCertificates';
import { readServer } from './readServer';

/** Access to a cluster as somebody gives it: a kubeconfig, or an address and a token. */
export type GivenAccess = Omit<Schema<'ClusterAccess'>, 'id'>;

/** Access to a cluster, read and checked for form; nobody was asked yet. */
export interface ClusterAccess {
  endpoint: ClusterEndpoint;
  credential: ClusterCredential;
  /** Contexts of the kubeconfig; absent without one. */
  contexts?: string[];
  context?: string;
}

// What may stand in a header; a token with a line break would end it.
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

function readToken(text: string, field: string): ClusterCredential {
  const token = text.trim();
  if (TOKEN.test(token)) return { type: 'token', token };
  throw new InputError(`${field} is not a token`);
}

function readTlsServerName(
  name: string | undefined,
  field: string,
): string | undefined {
  if (name === undefined || HOST.test(name)) return name;
  throw new InputError(`${field} is not the name of a host`);
}

function fromKubeconfig(text: string, given: GivenAccess): ClusterAccess {
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
    credential: credentialOf(read, user),
    contexts,
    context,
  };
}

function credentialOf(
  read: ReturnType<typeof readKubeconfig>,
  place: string,
): ClusterCredential {
  const { token, clientCertificate, clientKey } = read;
  if (token !== undefined && clientCertificate !== undefined) {
    throw new InputError(
      `${place} has a token and a client certificate; give one of them`,
    );
  }
  if (token !== undefined) return readToken(token, `${place}.token`);
  if (clientCertificate === undefined || clientKey === undefined) {
    throw new InputError(
      `${place} has no credential; give token, or client-certificate-data with client-key-data`,
    );
  }
  const pair = readClientCertificate(
    { certificate: clientCertificate, key: clientKey },
    {
      certificate: `${place}.client-certificate-data`,
      key: `${place}.client-key-data`,
    },
  );
  return { type: 'clientCertificate', ...pair };
}

/**
 * Reads access to a cluster.
 *
 * @throws InputError that names the field and says what to do, without anything that was given
 */
export function readClusterAccess(given: GivenAccess): ClusterAccess {
  const { kubeconfig, server, caData, tlsServerName, token } = given;
  if (kubeconfig !== undefined) {
    const beside = { server, caData, tlsServerName, token };
    const [second] = Object.entries(beside).find(([, value]) => value) ?? [];
    if (second) {
      throw new InputError(`Give either kubeconfig or ${second}, not both`);
    }
    return fromKubeconfig(kubeconfig, given);
  }
  if (!server || !token) {
    throw new InputError(
      'Give a kubeconfig, or the address of the API server (server) with a token',
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
    credential: readToken(token, 'token'),
  };
}
