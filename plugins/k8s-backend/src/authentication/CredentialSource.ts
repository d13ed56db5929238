import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';

/** How long to wait for a credential. */
export interface CredentialWait {
  signal?: AbortSignal;
  /** Milliseconds that the request which needs it may take altogether. */
  timeoutMs?: number;
}

/** Where the credential for one cluster comes from. */
export interface CredentialSource {
  /** @throws ServiceUnavailableError (cause `credential`) when there is none; the signal's reason */
  current(wait?: CredentialWait): Promise<ClusterCredential>;
  /**
   * Another one, since the API server refused this one; undefined where there is no other.
   *
   * @throws like `current`
   */
  instead(
    refused: ClusterCredential,
    wait?: CredentialWait,
  ): Promise<ClusterCredential | undefined>;
  /** Why the one in use could not be renewed; absent: nothing is wrong with it. */
  readonly problem?: string;
}

/** Whether both sign in alike. */
export function isSameCredential(
  one: ClusterCredential,
  other: ClusterCredential,
): boolean {
  return 'token' in one
    ? 'token' in other && one.token === other.token
    : 'clientCertificate' in other &&
        one.clientCertificate === other.clientCertificate &&
        one.clientKey === other.clientKey;
}
