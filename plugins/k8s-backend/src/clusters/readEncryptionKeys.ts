import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { EncryptionKey } from './CredentialCipher';

const KEY_BYTES = 32;
/** As many as there is room for beside each credential. */
const MAX_ID_LENGTH = 128;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The keys of `k8s.encryption.keys`, the active one first; a key whose secret is not set (an environment variable that is
 * missing) is left out.
 *
 * @throws InputError that names the key's place when a secret is not 32 bytes in base64, or two keys have one id
 */
export function readEncryptionKeys(config: RootConfigService): EncryptionKey[] {
  const keys: EncryptionKey[] = [];
  const listed = config.getOptionalConfigArray('k8s.encryption.keys') ?? [];
  for (const [index, entry] of listed.entries()) {
    const id = entry.getString('id');
    // An empty text, as of a variable without value, is no string to the config reader.
    const secret = String(entry.getOptional('secret') ?? '').trim();
    if (!secret) continue;
    const key = Buffer.from(secret, 'base64');
    if (!BASE64.test(secret) || key.length !== KEY_BYTES) {
      throw new InputError(
        `k8s.encryption.keys[${index}].secret has to be ${KEY_BYTES} random bytes in base64 (openssl rand -base64 ${KEY_BYTES})`,
      );
    }
    if (id.length > MAX_ID_LENGTH) {
      throw new InputError(
        `k8s.encryption.keys[${index}].id has to have at most ${MAX_ID_LENGTH} characters`,
      );
    }
    if (keys.some(known => known.id === id)) {
      throw new InputError(
        `k8s.encryption.keys[${index}].id is used by another key; ids have to differ`,
      );
    }
    keys.push({ id, key });
  }
  return keys;
}
