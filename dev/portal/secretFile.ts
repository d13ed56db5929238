import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOME } from './paths.ts';

/** Bytes of a generated secret; AES-256 needs that many. */
const SECRET_BYTES = 32;

/** A secret in base64 that is made once and then kept in a file that only its owner can read. */
export function secretFile(name: string): string {
  const folder = join(HOME, 'secrets');
  const file = join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(SECRET_BYTES).toString('base64'), {
      mode: 0o600,
      flag: 'wx',
    });
  }
  return readFileSync(file, 'utf8').trim();
}
