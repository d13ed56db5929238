/**
 * Kubernetes' field selector syntax: `field=value`, `field==value`, `field!=value`, joined by commas; `\` before a comma, an
 * equals sign or a backslash makes it part of a value.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
import { InputError } from '@backstage/errors';

/** Whether an object with these fields is selected. */
export type FieldSelector = (field: (name: string) => string) => boolean;

/** A part of a selector. */
interface Requirement {
  name: string;
  value: string;
  /** Whether the field has to have this value, or must not. */
  isWanted: boolean;
}

const MAX_REQUIREMENTS = 32;
const REQUIREMENT = /^([A-Za-z0-9_.\-/[\]]+)(==|=|!=)(.*)$/s;
// A comma that no backslash takes its meaning from.
const SEPARATOR = /(?<!\\)(?:\\\\)*,/;

/**
 * Reads a field selector.
 *
 * @param text - absent or empty: everything is selected
 * @param options - `fields`: the names that may be selected by
 * @throws InputError when it cannot be read, or names a field that there is not
 */
export function parseFieldSelector(
  text: string | undefined,
  options: { fields: readonly string[] },
): FieldSelector {
  const requirements = requirementsOf(text, options.fields);
  return field =>
    requirements.every(
      ({ name, value, isWanted }) => (field(name) === value) === isWanted,
    );
}

/**
 * The values that a selector leaves to fields: what it selects has them.
 *
 * @throws InputError as {@link parseFieldSelector}
 */
export function fieldsWanted(
  text: string | undefined,
  options: { fields: readonly string[] },
): { name: string; value: string }[] {
  return requirementsOf(text, options.fields).filter(
    ({ isWanted }) => isWanted,
  );
}

function requirementsOf(
  text: string | undefined,
  fields: readonly string[],
): Requirement[] {
  if (!text?.trim()) return [];
  const parts = splitRequirements(text);
  if (parts.length > MAX_REQUIREMENTS) {
    throw new InputError('The field selector has too many requirements');
  }
  return parts.map(part => requirementOf(part, fields));
}

function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const match = SEPARATOR.exec(rest);
    if (!match) return [...parts, rest];
    const end = match.index + match[0].length;
    parts.push(rest.slice(0, end - 1));
    rest = rest.slice(end);
  }
}

function requirementOf(part: string, fields: readonly string[]): Requirement {
  const [, name, operator, value] = REQUIREMENT.exec(part.trim()) ?? [];
  if (name === undefined) {
    throw new InputError(
      'The field selector cannot be read: it is field=value or field!=value, joined by commas',
    );
  }
  if (!fields.includes(name)) {
    throw new InputError(
      `There is no field ${name} to select by; there are ${fields.join(', ')}`,
    );
  }
  return {
    name,
    value: value.replace(/\\([\\,=])/g, '$1'),
    isWanted: operator !== '!=',
  };
}
