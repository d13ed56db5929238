import { InputError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { readClusterAccess } from './readClusterAccess';
import type {
  AuthenticationReader,
  ClusterAccess,
  GivenAccess,
} from './readClusterAccess';
import type { ClusterEndpoint, RegisteredCluster } from './ClusterStore';
import { readCertificates } from './readCertificates';
import { readServer } from './readServer';

function isSame(endpoint: ClusterEndpoint, given: GivenAccess): boolean {
  const { server, caData, tlsServerName, skipTlsVerify } = given;
  return (
    (server === undefined ||
      readServer(server, 'server') === endpoint.server) &&
    (caData === undefined ||
      readCertificates(caData, 'caData') === endpoint.caData) &&
    (tlsServerName === undefined ||
      (tlsServerName || undefined) === endpoint.tlsServerName) &&
    (skipTlsVerify === undefined || skipTlsVerify === endpoint.skipTlsVerify)
  );
}

/**
 * The access that an update asks for, or undefined when it asks for none other than the stored one. What is left out stays, but
 * the stored credential is never sent to where somebody says now: whoever may change a cluster could fetch it so.
 *
 * @throws InputError
 */
export function changedAccess(
  { endpoint }: RegisteredCluster,
  given: Schema<'ClusterUpdate'> | GivenAccess,
  authentications: AuthenticationReader,
): ClusterAccess | undefined {
  const { kubeconfig, context, server, caData, tlsServerName } = given;
  const { token, authentication } = given;
  const skipTlsVerify = given.skipTlsVerify ?? endpoint.skipTlsVerify;
  if (kubeconfig !== undefined) {
    return readClusterAccess(
      {
        ...{ kubeconfig, context, server, caData, tlsServerName },
        ...{ token, authentication, skipTlsVerify },
      },
      authentications,
    );
  }
  if (token === undefined && authentication === undefined) {
    if (isSame(endpoint, given)) return undefined;
    throw new InputError(
      'Another address, CA, TLS server name or TLS check needs the credential again: give token, authentication or kubeconfig with it',
    );
  }
  return readClusterAccess(
    {
      server: server ?? endpoint.server,
      caData: caData ?? endpoint.caData,
      tlsServerName: tlsServerName ?? endpoint.tlsServerName,
      ...{ token, authentication, skipTlsVerify },
    },
    authentications,
  );
}
