import { redactSecrets } from '../errors/redactSecrets';
import { visible } from '../views/visibleText';

/** Stands for a value that looks like a secret by its name. */
const SECRET = '[secret]';
/** Characters of one text. */
const MAX_TEXT = 1_000;
/** Characters of one value as JSON; a longer one is kept as the beginning of its JSON. */
const MAX_VALUE = 2_000;
/** Values lie this deep at most. */
const MAX_DEPTH = 32;

/** Whether what has this name is a secret, by the rules for messages. */
function isSecretName(name: string): boolean {
  const text = `${name}=x`;
  return redactSecrets(text) !== text;
}

function redacted(value: unknown, name: string, depth: number): unknown {
  if (depth > MAX_DEPTH) return '…';
  if (typeof value === 'string') {
    if (isSecretName(name)) return SECRET;
    return visible(redactSecrets(value, MAX_TEXT));
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const option: unknown = value[index - 1];
      // `--password`, and then the password.
      const isOption = typeof option === 'string' && option.startsWith('-');
      return redacted(item, isOption ? option : name, depth + 1);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => {
      // An environment variable has its name beside its value.
      const named = key === 'value' && typeof fields.name === 'string';
      const innerName = named ? String(fields.name) : key;
      return [visible(key), redacted(inner, innerName, depth + 1)];
    }),
  );
}

/** A value of an object without what looks like a secret by itself or by its name, shortened, safe to show. */
export function redactedValue(value: unknown, name: string): unknown {
  const clean = redacted(value, name, 0);
  if (typeof clean !== 'object' || clean === null) return clean;
  const text = JSON.stringify(clean);
  return text.length <= MAX_VALUE ? clean : `${text.slice(0, MAX_VALUE)}…`;
}
