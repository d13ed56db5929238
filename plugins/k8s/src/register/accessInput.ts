import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/**
 * What somebody gives us to reach a cluster with. It lives in the state of the page that asks for it, nowhere else: not in the
 * address, not in storage, not in a cache of requests.
 */
export interface AccessInput {
  way: 'kubeconfig' | 'token' | 'manifest';
  kubeconfig: string;
  /** Empty: the current one of the kubeconfig. */
  context: string;
  server: string;
  caData: string;
  tlsServerName: string;
  token: string;
  /** Offered only after the certificate was not trusted; whatever else is changed takes it back. */
  skipTlsVerify: boolean;
}

/** A field that can be wrong. */
export type AccessField = Exclude<keyof AccessInput, 'way' | 'skipTlsVerify'>;

/** Nothing given yet; also what takes the place of a credential that is not needed any more. */
export const EMPTY_ACCESS: AccessInput = {
  way: 'kubeconfig',
  kubeconfig: '',
  context: '',
  server: '',
  caData: '',
  tlsServerName: '',
  token: '',
  skipTlsVerify: false,
};

/** Characters; what the API takes. */
export const KUBECONFIG_LENGTH = 1_000_000;

/** The fields without which there is nothing to check. */
export function missingFields(
  access: AccessInput,
): ('kubeconfig' | 'server' | 'token')[] {
  const needed =
    access.way === 'token'
      ? (['server', 'token'] as const)
      : (['kubeconfig'] as const);
  return needed.filter(field => !access[field].trim());
}

/** Whether enough is given for a check. */
export function isComplete(access: AccessInput): boolean {
  const isTooLong =
    access.way !== 'token' && access.kubeconfig.length > KUBECONFIG_LENGTH;
  return missingFields(access).length === 0 && !isTooLong;
}

/** What is sent of it. The manifest's commands print a kubeconfig, so that both ways end in one. */
export function toRequest(access: AccessInput): Schema<'ClusterAccess'> {
  const skipTlsVerify = access.skipTlsVerify || undefined;
  if (access.way === 'token') {
    return {
      server: access.server.trim(),
      token: access.token.trim(),
      caData: access.caData.trim() || undefined,
      tlsServerName: access.tlsServerName.trim() || undefined,
      skipTlsVerify,
    };
  }
  return {
    kubeconfig: access.kubeconfig,
    context: access.context || undefined,
    skipTlsVerify,
  };
}
