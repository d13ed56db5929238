import { X509Certificate } from 'node:crypto';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';

/** What a credential says of itself; not proven. */
export interface CredentialClaims {
  user?: string;
  /** RFC 3339; absent: it does not expire, or does not say so. */
  expiresAt?: string;
}

/** Seconds since 1970; what is later has no year of four digits, as RFC 3339 wants it, and is no end that matters. */
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;

function timeOf(seconds: unknown): string | undefined {
  return typeof seconds === 'number' && seconds > 0 && seconds <= LAST_SECOND
    ? new Date(seconds * 1000).toISOString()
    : undefined;
}

function claimsOfToken(token: string): CredentialClaims {
  const [, payload] = token.split('.');
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(payload ?? '', 'base64url').toString('utf8'),
    );
    if (typeof claims !== 'object' || claims === null) return {};
    const subject: unknown = Reflect.get(claims, 'sub');
    const end: unknown = Reflect.get(claims, 'exp');
    return {
      user: typeof subject === 'string' ? subject : undefined,
      expiresAt: timeOf(end),
    };
  } catch {
    // An opaque token, or a date that is none.
    return {};
  }
}

/** Whose a credential says it is, and until when. */
export function credentialClaims(
  credential: ClusterCredential,
): CredentialClaims {
  if ('token' in credential) return claimsOfToken(credential.token);
  const { subject, validTo } = new X509Certificate(
    credential.clientCertificate,
  );
  return {
    user: /^CN=(.+)$/m.exec(subject)?.[1],
    expiresAt: new Date(validTo).toISOString(),
  };
}
