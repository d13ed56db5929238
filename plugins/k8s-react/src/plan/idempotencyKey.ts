/** Bytes of a key; as many as a UUID has. */
const KEY_BYTES = 16;

/** A new `Idempotency-Key`. Unlike `crypto.randomUUID` it also works where a portal is served without TLS. @public */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
