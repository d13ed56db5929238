/**
 * The part of JSON schema that Kubernetes publishes of its kinds, and how to walk it.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */

/** A schema as the cluster publishes it. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  properties?: Readonly<Record<string, JsonSchema>>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  required?: readonly string[];
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  allOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  anyOf?: readonly JsonSchema[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  definitions?: Readonly<Record<string, JsonSchema>>;
}

/** What the schema that came over the network is taken for; what is not there is not checked. */
export function asJsonSchema(schema: Record<string, unknown>): JsonSchema {
  return schema;
}

const REFERENCE = '#/definitions/';
/** References that lead to references; more is a circle. */
const MOST_REFERENCES = 16;

/** The schema itself: references followed, and what `allOf` says put together. */
export function resolveSchema(
  schema: JsonSchema | undefined,
  root: JsonSchema,
): JsonSchema {
  let resolved = schema ?? {};
  for (let count = 0; count < MOST_REFERENCES; count++) {
    const { $ref, allOf, ...own } = resolved;
    if ($ref === undefined && allOf === undefined) break;
    const parts: (JsonSchema | undefined)[] = [...(allOf ?? [])];
    if ($ref?.startsWith(REFERENCE)) {
      parts.push(root.definitions?.[$ref.slice(REFERENCE.length)]);
    }
    resolved = Object.assign({}, ...parts, own);
  }
  return resolved;
}

/** Whether a whole number and a text are the same to it, e.g. a port. */
export function isIntOrString(schema: JsonSchema): boolean {
  return (
    schema['x-kubernetes-int-or-string'] === true ||
    schema.format === 'int-or-string'
  );
}

/** The types that a value may have; empty: any. */
export function typesOf(schema: JsonSchema, root: JsonSchema): string[] {
  if (isIntOrString(schema)) return ['integer', 'string'];
  if (schema.type !== undefined) return [schema.type];
  const choices = schema.oneOf ?? schema.anyOf ?? [];
  return choices.flatMap(choice => typesOf(resolveSchema(choice, root), root));
}

/** The schema of a field or of an item; undefined: there is no such field. An empty one allows anything. */
export function schemaOfField(
  schema: JsonSchema,
  field: string | number,
): JsonSchema | undefined {
  if (typeof field === 'number') return schema.items ?? {};
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, field)) return properties[field];
  if (typeof additionalProperties === 'object') return additionalProperties;
  const isOpen =
    additionalProperties === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    (properties === undefined && additionalProperties === undefined);
  return isOpen ? {} : undefined;
}

/** The schema at a path, resolved; undefined: there is no such field. */
export function schemaAt(
  root: JsonSchema,
  path: readonly (string | number)[],
): JsonSchema | undefined {
  let schema: JsonSchema | undefined = resolveSchema(root, root);
  for (const field of path) {
    if (!schema) return undefined;
    const next = schemaOfField(schema, field);
    schema = next && resolveSchema(next, root);
  }
  return schema;
}
