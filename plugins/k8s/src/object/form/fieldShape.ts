/** As what a field is shown in the form, by its schema. */
import { isIntOrString, resolveSchema, typesOf } from '../schema/JsonSchema';
import type { JsonSchema } from '../schema/JsonSchema';
import { isFields } from './fieldPath';

/**
 * `section`: an object with fields of its own. `map`: names and texts. `anyScalar`: a text or a number, e.g. a port or a quantity.
 * `yaml`: anything else, written as it would be in the YAML.
 */
export type FieldShape =
  | 'section'
  | 'map'
  | 'list'
  | 'choice'
  | 'anyScalar'
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'yaml';

const SCALARS: Readonly<Record<string, FieldShape>> = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
};
const IN_MAPS: readonly FieldShape[] = ['text', 'anyScalar', 'choice'];

function objectShape(schema: JsonSchema, root: JsonSchema): FieldShape {
  const { properties, additionalProperties } = schema;
  if (properties && Object.keys(properties).length > 0) return 'section';
  if (typeof additionalProperties !== 'object') return 'yaml';
  const value = shapeOf(resolveSchema(additionalProperties, root), root);
  return IN_MAPS.includes(value) ? 'map' : 'yaml';
}

/** The shape of a field. @param schema - resolved */
export function shapeOf(schema: JsonSchema, root: JsonSchema): FieldShape {
  if (isIntOrString(schema)) return 'anyScalar';
  const types = [...new Set(typesOf(schema, root))];
  const choices = choicesOf(schema);
  if (choices.length > 0) return 'choice';
  if (types.length === 0) return schema.properties ? 'section' : 'yaml';
  if (types.length > 1) {
    return types.every(type => type in SCALARS) ? 'anyScalar' : 'yaml';
  }
  const [type] = types;
  if (type === 'object') return objectShape(schema, root);
  if (type === 'array') {
    const items = schema.items && resolveSchema(schema.items, root);
    return items && Object.keys(items).length > 0 ? 'list' : 'yaml';
  }
  return SCALARS[type] ?? 'yaml';
}

/** What a field of few values can be. */
export function choicesOf({ enum: values = [] }: JsonSchema): string[] {
  return values.every(value => typeof value === 'string')
    ? (values as string[]).filter(value => value !== '')
    : [];
}

/** Whether the form can show the value as such a field; a value that it cannot is shown as YAML, so that it is not lost. */
export function fits(
  shape: FieldShape,
  value: unknown,
  schema: JsonSchema,
): boolean {
  if (value === undefined) return true;
  switch (shape) {
    case 'section':
      return isFields(value);
    case 'map':
      return (
        isFields(value) &&
        Object.values(value).every(
          one => typeof one === 'string' || typeof one === 'number',
        )
      );
    case 'list':
      return Array.isArray(value);
    case 'choice':
      return value === '' || choicesOf(schema).includes(value as string);
    case 'anyScalar':
      return typeof value === 'string' || typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'number':
    case 'integer':
      // Emptied, in a list.
      return typeof value === 'number' || value === '';
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return true;
  }
}
