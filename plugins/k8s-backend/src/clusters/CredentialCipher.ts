/**
 * Envelope encryption of credentials, AES-256-GCM. Each credential is sealed with a data key of its own; the data key is
 * wrapped with a key of the configuration, so that changing that key re-wraps 32 bytes and touches no credential.
 *
 * What is sealed is bound (as additional data) to its cluster's id, to what it is for, and to the endpoint that it may be
 * sent to: rows that were swapped, or whose server was changed in the database, do not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ServiceUnavailableError } from '@backstage/errors';
import { withFailure } from '../errors/clusterErrors';
import type { StoredAuthentication, ClusterEndpoint } from './ClusterStore';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
/** Node would accept tags of four bytes, which can be guessed. */
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const VERSION = 1;

/** A configured key. */
export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

/** A credential as it is stored. */
export interface SealedCredential {
  /** Of this format. */
  version: number;
  /** Key that the data key is wrapped with. */
  keyId: string;
  /** Base64 of nonce, data and tag. */
  wrappedKey: string;
  /** Base64 of nonce, data and tag. */
  ciphertext: string;
}

/** What a credential belongs to. */
export interface CredentialBinding {
  /** Cluster id. */
  id: string;
  endpoint: ClusterEndpoint;
}

function seal(key: Buffer, plain: Buffer, additional: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(additional, 'utf8'));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, data, cipher.getAuthTag()]).toString('base64');
}

/** @throws Error when it was changed, or sealed otherwise */
function unseal(key: Buffer, sealed: string, additional: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('Truncated');
  const decipher = createDecipheriv(
    ALGORITHM,
    key,
    bytes.subarray(0, NONCE_BYTES),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAAD(Buffer.from(additional, 'utf8'));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const data = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function keyPurpose({ id }: CredentialBinding, keyId: string): string {
  return JSON.stringify(['k8s', VERSION, 'data-key', id, keyId]);
}

function credentialPurpose({ id, endpoint }: CredentialBinding): string {
  const { server, caData, tlsServerName, skipTlsVerify } = endpoint;
  const target = [server, caData ?? '', tlsServerName ?? '', skipTlsVerify];
  return JSON.stringify(['k8s', VERSION, 'credential', id, target]);
}

function failure(message: string): Error {
  return withFailure(new ServiceUnavailableError(message), {
    cause: 'credential',
  });
}

/** Seals and opens credentials. */
export class CredentialCipher {
  readonly #keys: readonly EncryptionKey[];

  /** @param keys - the first seals, all of them open; none: nothing can be sealed or opened */
  constructor(keys: readonly EncryptionKey[]) {
    this.#keys = keys;
  }

  /** Whether credentials can be stored. */
  get isConfigured(): boolean {
    return this.#keys.length > 0;
  }

  /** The key that seals; undefined without a configured key. */
  get activeKeyId(): string | undefined {
    return this.#keys[0]?.id;
  }

  /** @throws ServiceUnavailableError that names the setting, without a configured key */
  assertConfigured(): void {
    if (this.isConfigured) return;
    throw new ServiceUnavailableError(
      'No cluster can be registered: credentials are stored encrypted only, and no key is configured. Set k8s.encryption.keys in app-config to a list with an id and a secret (openssl rand -base64 32)',
    );
  }

  /** @throws ServiceUnavailableError without a configured key */
  seal(
    credential: StoredAuthentication,
    binding: CredentialBinding,
  ): SealedCredential {
    this.assertConfigured();
    const [{ id: keyId, key }] = this.#keys;
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const plain = Buffer.from(JSON.stringify(credential), 'utf8');
    const sealed = {
      version: VERSION,
      keyId,
      wrappedKey: seal(key, dataKey, keyPurpose(binding, keyId)),
      ciphertext: seal(dataKey, plain, credentialPurpose(binding)),
    };
    dataKey.fill(0);
    plain.fill(0);
    return sealed;
  }

  /** @throws ServiceUnavailableError (cause `credential`) when the key is missing or wrong, or the row was tampered with */
  open(
    sealed: SealedCredential,
    binding: CredentialBinding,
  ): StoredAuthentication {
    const dataKey = this.#unwrap(sealed, binding);
    try {
      const plain = unseal(
        dataKey,
        sealed.ciphertext,
        credentialPurpose(binding),
      );
      return JSON.parse(plain.toString('utf8')) as StoredAuthentication;
    } catch {
      throw failure(
        "The cluster's stored credential was changed outside of the portal and is not used; register the credential again",
      );
    }
  }

  /**
   * The same credential with its data key wrapped with the active key.
   *
   * @throws ServiceUnavailableError (cause `credential`) when it cannot be opened
   */
  rewrap(
    sealed: SealedCredential,
    binding: CredentialBinding,
  ): SealedCredential {
    this.assertConfigured();
    const dataKey = this.#unwrap(sealed, binding);
    const [{ id: keyId, key }] = this.#keys;
    const wrappedKey = seal(key, dataKey, keyPurpose(binding, keyId));
    dataKey.fill(0);
    return { ...sealed, keyId, wrappedKey };
  }

  #unwrap(sealed: SealedCredential, binding: CredentialBinding): Buffer {
    const known = this.#keys.find(({ id }) => id === sealed.keyId);
    if (!known) {
      throw failure(
        "The cluster's stored credential cannot be decrypted: the key that it was encrypted with is not in k8s.encryption.keys",
      );
    }
    if (sealed.version !== VERSION) {
      throw failure(
        "The cluster's stored credential is of another version of this plugin and cannot be decrypted",
      );
    }
    try {
      return unseal(
        known.key,
        sealed.wrappedKey,
        keyPurpose(binding, known.id),
      );
    } catch {
      throw failure(
        "The cluster's stored credential cannot be decrypted: the key of that id in k8s.encryption.keys is another one, or the stored data was changed",
      );
    }
  }
}
