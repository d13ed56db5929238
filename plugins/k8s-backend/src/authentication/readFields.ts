import { InputError } from '@backstage/errors';
import type {
  AuthenticationField,
  ClusterAuthenticationStrategy,
} from '@backstage-k8s/plugin-k8s-node';

const MAX_LINE = 16_384;
const MAX_LINES = 65_536;
// Control characters are what it looks for.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

function checkText(
  text: string,
  { multiline = false, options }: AuthenticationField,
  name: string,
): void {
  if (options && !options.some(({ value }) => value === text)) {
    throw new InputError(
      `${name} has to be one of ${options
        .map(({ value }) => value)
        .join(', ')}`,
    );
  }
  if (text.length > (multiline ? MAX_LINES : MAX_LINE)) {
    throw new InputError(`${name} is too long`);
  }
  if (!multiline && CONTROL.test(text)) {
    throw new InputError(`${name} has to be one line of text`);
  }
}

/**
 * What was given for a strategy's fields, checked and as it is stored.
 *
 * @param options - `label`: what a field is called in messages
 * @throws InputError that names the field, without anything that was given
 */
export function readFields(
  strategy: ClusterAuthenticationStrategy,
  given: Readonly<Record<string, string>>,
  options: { label: (field: string) => string },
): Record<string, string> {
  const { label } = options;
  const known = strategy.fields.map(({ name }) => name);
  if (!Object.keys(given).every(name => known.includes(name))) {
    throw new InputError(
      `${strategy.id} has a field that is not known; known are ${known.join(
        ', ',
      )}`,
    );
  }
  const read: Record<string, string> = {};
  for (const field of strategy.fields) {
    const { name, optional = false } = field;
    const text = Object.hasOwn(given, name) ? given[name] : '';
    if (text.trim() === '') {
      if (!optional) throw new InputError(`${label(name)} is missing`);
    } else {
      // What is copied from elsewhere often ends with a line break.
      const value = field.multiline ? text : text.trim();
      checkText(value, field, label(name));
      read[name] = value;
    }
  }
  return strategy.read ? strategy.read(read, { label }) : read;
}
