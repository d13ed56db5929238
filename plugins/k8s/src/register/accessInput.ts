import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/**
 * What somebody gives us to reach a cluster with. It lives in the state of the page that asks for it, nowhere else: not in the
 * address, not in storage, not in a cache of requests.
 */
export interface AccessInput {
  /** `strategy`: an address with what one of the ways to sign in needs. */
  way: 'kubeconfig' | 'token' | 'manifest' | 'strategy';
  kubeconfig: string;
  /** Empty: the current one of the kubeconfig. */
  context: string;
  server: string;
  caData: string;
  tlsServerName: string;
  token: string;
  /** The way to sign in; only for `strategy`. */
  strategy?: Schema<'AuthenticationStrategy'>;
  /** What it needs, by the names of its fields. */
  fields: Readonly<Record<string, string>>;
  /** Offered only after the certificate was not trusted; whatever else is changed takes it back. */
  skipTlsVerify: boolean;
}

/** A field that can be wrong. */
export type AccessField = Exclude<
  keyof AccessInput,
  'way' | 'skipTlsVerify' | 'strategy' | 'fields'
>;

/** Nothing given yet; also what takes the place of a credential that is not needed any more. */
export const EMPTY_ACCESS: AccessInput = {
  way: 'kubeconfig',
  kubeconfig: '',
  context: '',
  server: '',
  caData: '',
  tlsServerName: '',
  token: '',
  fields: {},
  skipTlsVerify: false,
};

const NEEDED = {
  kubeconfig: ['kubeconfig'],
  manifest: ['kubeconfig'],
  token: ['server', 'token'],
  strategy: ['server'],
} as const;

/** Characters; what the API takes. */
export const KUBECONFIG_LENGTH = 262_144;

/** The fields without which there is nothing to check. */
export function missingFields(
  access: AccessInput,
): ('kubeconfig' | 'server' | 'token')[] {
  return NEEDED[access.way].filter(field => !access[field].trim());
}

/** The fields of the chosen way to sign in that are still needed, by name. */
export function missingOfStrategy({
  way,
  strategy,
  fields,
}: AccessInput): string[] {
  if (way !== 'strategy' || !strategy) return [];
  return strategy.fields
    .filter(({ name, optional }) => !optional && !fields[name]?.trim())
    .map(({ name }) => name);
}

/** Whether enough is given for a check. */
export function isComplete(access: AccessInput): boolean {
  const isTooLong =
    access.way === 'kubeconfig' && access.kubeconfig.length > KUBECONFIG_LENGTH;
  const missing = [...missingFields(access), ...missingOfStrategy(access)];
  return missing.length === 0 && !isTooLong;
}

function authenticationOf({
  strategy,
  fields,
}: AccessInput): Schema<'ClusterAuthentication'> {
  const given = (strategy?.fields ?? []).flatMap(({ name }) =>
    fields[name]?.trim() ? [[name, fields[name]]] : [],
  );
  return { strategy: strategy?.id ?? '', fields: Object.fromEntries(given) };
}

/** What is sent of it. The manifest's commands print a kubeconfig, so that both ways end in one. */
export function toRequest(access: AccessInput): Schema<'ClusterAccess'> {
  const skipTlsVerify = access.skipTlsVerify || undefined;
  const endpoint = {
    server: access.server.trim(),
    caData: access.caData.trim() || undefined,
    tlsServerName: access.tlsServerName.trim() || undefined,
    skipTlsVerify,
  };
  if (access.way === 'token') {
    return { ...endpoint, token: access.token.trim() };
  }
  if (access.way === 'strategy' && access.strategy) {
    return { ...endpoint, authentication: authenticationOf(access) };
  }
  return {
    kubeconfig: access.kubeconfig,
    context: access.context || undefined,
    skipTlsVerify,
  };
}
