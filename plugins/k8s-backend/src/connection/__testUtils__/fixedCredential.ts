import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type { CredentialSource } from '../../authentication/CredentialSource';

/** A credential of which there is no other. */
export function fixedCredential(
  given: string | ClusterCredential,
): CredentialSource {
  const credential = typeof given === 'string' ? { token: given } : given;
  return {
    current: async () => credential,
    instead: async () => undefined,
  };
}
