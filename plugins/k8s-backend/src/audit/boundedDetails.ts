import { redactSecrets } from '../errors/redactSecrets';

/** Bytes of JSON that an entry keeps of what was asked for. */
const MAXIMUM_BYTES = 4096;
/** Characters of one value. */
const MAXIMUM_VALUE = 512;

/** Details that fit into an entry: long values are shortened, and what looks like a secret is left out. */
export function boundedDetails(
  details: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (!details) return undefined;
  const text = JSON.stringify(details, (_key, value) =>
    typeof value === 'string' ? redactSecrets(value, MAXIMUM_VALUE) : value,
  );
  return Buffer.byteLength(text) <= MAXIMUM_BYTES
    ? JSON.parse(text)
    : { shortened: `${text.slice(0, MAXIMUM_VALUE)}…` };
}
