/**
 * How the portal signs in to a cluster: a strategy says what it needs, keeps none of it, and makes a credential of it when it is
 * asked. What it needs is stored encrypted; credentials live in memory only. Asking it again in time, once for many requests and
 * once after a refusal, is the suite's work.
 */
import { createExtensionPoint } from '@backstage/backend-plugin-api';

/** A text for people by language, e.g. `{ en: 'Token', zh: '令牌' }`. @public */
export interface LocalizedText {
  readonly en: string;
  readonly [language: string]: string;
}

/**
 * What signs in to an API server. `expiresAt` (RFC 3339) tells when it ends, and that another one may be had before by asking
 * again; absent: it stays what it is until it is refused.
 *
 * @public
 */
export type ClusterCredential =
  | { readonly token: string; readonly expiresAt?: string }
  | {
      /** PEM. */
      readonly clientCertificate: string;
      /** PEM, without a password. */
      readonly clientKey: string;
      readonly expiresAt?: string;
    };

/** Something that a strategy needs to be told when a cluster is registered. @public */
export interface AuthenticationField {
  /** A letter, then letters and digits; not `type`. */
  readonly name: string;
  readonly title: LocalizedText;
  readonly description?: LocalizedText;
  /** Whether it may be left out; default: it may not. */
  readonly optional?: boolean;
  /** Whether it is kept from messages and typed in secret; default: it is not. */
  readonly secret?: boolean;
  /** Whether it has several lines, e.g. PEM. */
  readonly multiline?: boolean;
  /** The values that it may have; absent: any text of at most 16,384 characters, 65,536 where it has several lines. */
  readonly options?: readonly {
    readonly value: string;
    readonly title: LocalizedText;
  }[];
}

/** What a strategy is asked for a credential with. @public */
export interface CredentialRequest {
  /** What was given for the strategy's fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the credential will be sent. */
  readonly cluster: {
    /** Absent while it is tried before it is registered. */
    readonly id?: string;
    /** Address of the API server. */
    readonly server: string;
  };
  /** Aborted when it took too long or nobody needs it any more. */
  readonly signal: AbortSignal;
}

/**
 * A way to sign in to clusters.
 *
 * @public
 */
export interface ClusterAuthenticationStrategy {
  /** Unique and for ever, since it is stored with each cluster: a letter, then letters and digits, at most 32. */
  readonly id: string;
  readonly title: LocalizedText;
  readonly description?: LocalizedText;
  readonly fields: readonly AuthenticationField[];
  /**
   * Checks what was given, beyond what `fields` say, and answers what to store. Asks nobody. Absent: it is stored as given.
   *
   * @param options - `label`: what a field is called where it was given, for messages
   * @throws InputError that names the field, without its value
   */
  read?(
    fields: Readonly<Record<string, string>>,
    options: { label(field: string): string },
  ): Record<string, string>;
  /**
   * Makes a credential. Never asked twice at a time for one cluster by one instance. What it throws fails requests to this
   * cluster only; the message of an error of `@backstage/errors` is shown, without what the secret fields hold.
   */
  credential(request: CredentialRequest): Promise<ClusterCredential>;
}

/** Where modules add ways to sign in to clusters. @public */
export interface ClusterAuthenticationExtensionPoint {
  /** @throws Error when another strategy has its id, or its description is not valid */
  addStrategy(strategy: ClusterAuthenticationStrategy): void;
}

/** Where modules add ways to sign in to clusters. @public */
export const k8sClusterAuthenticationExtensionPoint =
  createExtensionPoint<ClusterAuthenticationExtensionPoint>({
    id: 'k8s.cluster-authentication',
  });
