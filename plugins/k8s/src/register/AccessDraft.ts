import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** How access is given: as a kubeconfig, as address and token, or after making a service account. */
export type AccessWay = 'kubeconfig' | 'token' | 'manifest';

/**
 * Access to a cluster as it is typed. It lives in the wizard's state only: never in an address, a storage, a cache or a log.
 */
export interface AccessDraft {
  way: AccessWay;
  kubeconfig: string;
  /** Empty: the current one of the kubeconfig. */
  context: string;
  server: string;
  caData: string;
  tlsServerName: string;
  token: string;
  /** Offered only after the certificate was not trusted; any change of the access takes it back. */
  skipTlsVerify: boolean;
}

/** A field that can be wrong. */
export type AccessField =
  | 'kubeconfig'
  | 'context'
  | 'server'
  | 'caData'
  | 'tlsServerName'
  | 'token';

/** Nothing typed yet; also what a draft is replaced by when its credential is not needed any more. */
export const EMPTY_ACCESS: AccessDraft = {
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

/** The draft as the API takes it; fields that are empty, or belong to the other way, are left out. */
export function accessOf(draft: AccessDraft): Schema<'ClusterAccess'> {
  const skip = draft.skipTlsVerify && { skipTlsVerify: true };
  if (draft.way !== 'token') {
    return {
      kubeconfig: draft.kubeconfig,
      ...(draft.context && { context: draft.context }),
      ...skip,
    };
  }
  const { caData, tlsServerName } = draft;
  return {
    server: draft.server.trim(),
    token: draft.token.trim(),
    ...(caData.trim() && { caData: caData.trim() }),
    ...(tlsServerName.trim() && { tlsServerName: tlsServerName.trim() }),
    ...skip,
  };
}
