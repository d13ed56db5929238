import { redactSecrets } from '../errors/redactSecrets';
import { visible } from '../views/visibleText';

/** Stands for a value that looks like a secret by its name. */
const SECRET = '[secret]';
/** Characters of one text. */
const MAX_TEXT = 1_000;
/** Characters of one value as JSON; a longer one is kept as the beginning of its JSON. */
const MAX_VALUE = 2_000;
/** Characters of all texts of one value that are looked at; more would not be kept. */
const MAX_LOOKED_AT = 4 * MAX_VALUE;
/** Values lie this deep at most. */
const MAX_DEPTH = 32;

/** Whether what has this name is a secret. */
const SECRET_NAME =
  /password|passwd|passphrase|(^|[-_.])pass([-_.]|$)|secret|token|credential|authorization|(api|access|private|client|encryption|signing)[-_.]?key/i;
/** Names of what only leads to a secret. */
const REFERENCE_NAME = /(Name|Ref)$/;

const isSecretName = (name: string) =>
  SECRET_NAME.test(name) && !REFERENCE_NAME.test(name);

/** @param left - characters of texts that may still be looked at */
function redacted(
  value: unknown,
  name: string,
  options: { depth: number; left: { characters: number } },
): unknown {
  const { left } = options;
  const inner = { left, depth: options.depth + 1 };
  if (inner.depth > MAX_DEPTH || left.characters <= 0) return '…';
  if (typeof value === 'string') {
    left.characters -= Math.min(value.length, MAX_TEXT) + name.length;
    if (isSecretName(name)) return SECRET;
    return visible(redactSecrets(value, MAX_TEXT));
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const option: unknown = value[index - 1];
      // `--password`, and then the password.
      const isOption = typeof option === 'string' && option.startsWith('-');
      return redacted(item, isOption ? option : name, inner);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => {
      // An environment variable has its name beside its value.
      const named = key === 'value' && typeof fields.name === 'string';
      const innerName = named ? String(fields.name) : key;
      return [visible(key), redacted(field, innerName, inner)];
    }),
  );
}

/** A value of an object without what looks like a secret by itself or by its name, shortened, safe to show. */
export function redactedValue(value: unknown, name: string): unknown {
  const left = { characters: MAX_LOOKED_AT };
  const clean = redacted(value, name, { depth: 0, left });
  if (typeof clean !== 'object' || clean === null) return clean;
  const text = JSON.stringify(clean);
  return text.length <= MAX_VALUE ? clean : `${text.slice(0, MAX_VALUE)}…`;
}
