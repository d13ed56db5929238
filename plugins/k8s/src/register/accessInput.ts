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
  token: string;
  skipTlsVerify: boolean;
}

/** Nothing given yet. */
export const EMPTY_ACCESS: AccessInput = {
  way: 'kubeconfig',
  kubeconfig: '',
  context: '',
  server: '',
  caData: '',
  token: '',
  skipTlsVerify: false,
};

/** Whether enough is given for a check. */
export function isComplete(access: AccessInput): boolean {
  return access.way === 'token'
    ? access.server.trim() !== '' && access.token.trim() !== ''
    : access.kubeconfig.trim() !== '';
}

/** What is sent of it. The manifest's commands print a kubeconfig, so that both ways end in one. */
export function toRequest(access: AccessInput): Schema<'ClusterAccess'> {
  const skipTlsVerify = access.skipTlsVerify || undefined;
  if (access.way === 'token') {
    return {
      server: access.server.trim(),
      token: access.token.trim(),
      caData: access.caData.trim() || undefined,
      skipTlsVerify,
    };
  }
  return {
    kubeconfig: access.kubeconfig,
    context: access.context || undefined,
    skipTlsVerify,
  };
}
