import type { LoggerService } from '@backstage/backend-plugin-api';
import type { CredentialCipher } from './CredentialCipher';
import type { DatabaseClusterStore } from './DatabaseClusterStore';

const BATCH = 50;

/**
 * Wraps the data keys of all clusters with the active key, so that an old key can be taken out of the configuration. Each row
 * is one conditional update: it may be interrupted at any place and begun again, also by several instances at once.
 */
export class CredentialRotation {
  readonly #records: DatabaseClusterStore;
  readonly #cipher: CredentialCipher;
  readonly #logger: LoggerService;

  constructor(options: {
    records: DatabaseClusterStore;
    cipher: CredentialCipher;
    logger: LoggerService;
  }) {
    this.#records = options.records;
    this.#cipher = options.cipher;
    this.#logger = options.logger;
  }

  /** Re-wraps what is wrapped with another key. What cannot be opened is left as it is. Answers how many of each. */
  async rotate(
    options: { signal?: AbortSignal } = {},
  ): Promise<{ rotated: number; failed: number }> {
    const result = { rotated: 0, failed: 0 };
    const keyId = this.#cipher.activeKeyId;
    if (keyId === undefined) return result;
    let after = '';
    for (;;) {
      const batch = await this.#records.recordsOfOtherKeys(keyId, {
        after,
        limit: BATCH,
      });
      for (const record of batch) {
        options.signal?.throwIfAborted();
        const { id } = record.cluster;
        after = id;
        try {
          const renewed = this.#cipher.rewrap(record.sealed, record.cluster);
          if (await this.#records.replaceKey(record, renewed)) result.rotated++;
        } catch (error) {
          result.failed++;
          this.#logger.error('A credential cannot be encrypted anew', {
            cluster: id,
            key: record.sealed.keyId,
            error: String(error),
          });
        }
      }
      if (batch.length < BATCH) break;
    }
    if (result.rotated > 0) {
      this.#logger.info('Credentials were encrypted with the active key', {
        key: keyId,
        clusters: result.rotated,
      });
    }
    return result;
  }
}
