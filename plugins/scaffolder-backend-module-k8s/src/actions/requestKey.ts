import { createHash } from 'node:crypto';

/** Characters of the hash; the key is of one task already. */
const HASH_LENGTH = 16;
/** As the API has it: printable ASCII. */
const UNPRINTABLE = /[^\x21-\x7e]/g;
/** Characters of a task's or a step's id that fit. */
const ID_LENGTH = 48;

/**
 * The Idempotency-Key of a step: run again after a crash of the portal, it gets the answer of its first run. The request is in it, so
 * that the iterations of `each` do not get each other's.
 */
export function requestKey(
  ctx: { task: { id: string }; step?: { id?: string } },
  request: unknown,
): string {
  const hash = createHash('sha256').update(JSON.stringify(request));
  return [ctx.task.id, ctx.step?.id ?? 'step']
    .map(id => id.replace(UNPRINTABLE, '-').slice(0, ID_LENGTH))
    .concat(hash.digest('hex').slice(0, HASH_LENGTH))
    .join('.');
}
