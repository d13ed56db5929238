/** The schema of one kind out of an OpenAPI document: what it refers to, and nothing else, in `definitions`. */
import { ContentTooLargeError } from '../errors/statusErrors';
import { fieldOf, fieldsOf, isFields, itemsOf } from '../rows/fields';

/** Characters of JSON; the largest schemas of common operators are below 1 MiB. */
const MAX_LENGTH = 4 * 1024 * 1024;
const REFERENCE = '#/components/schemas/';
const KINDS = 'x-kubernetes-group-version-kind';

/** A JSON schema. */
export type JsonSchema = Record<string, unknown>;

/** A copy that refers to `definitions`; `seen` is told the names. */
function rewritten(
  value: unknown,
  options: { seen: (name: string) => void; isShort: boolean },
): unknown {
  if (Array.isArray(value)) return value.map(item => rewritten(item, options));
  if (!isFields(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (
      key === '$ref' &&
      typeof inner === 'string' &&
      inner.startsWith(REFERENCE)
    ) {
      const name = inner.slice(REFERENCE.length);
      options.seen(name);
      copy.$ref = `#/definitions/${name}`;
    } else if (
      options.isShort &&
      key === 'description' &&
      typeof inner === 'string'
    ) {
      // A property may be called so too; that one is no text.
    } else if (key !== '__proto__') {
      copy[key] = rewritten(inner, options);
    }
  }
  return copy;
}

function schemaOf(
  schemas: Readonly<Record<string, unknown>>,
  root: string,
  isShort: boolean,
): JsonSchema {
  const definitions: Record<string, unknown> = {};
  const waiting = [root];
  const known = new Set(waiting);
  const seen = (name: string) => {
    if (known.has(name)) return;
    known.add(name);
    waiting.push(name);
  };
  let result: JsonSchema = {};
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const schema = rewritten(fieldOf(schemas, name) ?? {}, { seen, isShort });
    if (name === root) result = schema as JsonSchema;
    // The kind itself is there too when something in it refers to it.
    definitions[name] = schema;
  }
  const { [root]: own, ...others } = definitions;
  const isRecursive = JSON.stringify(definitions).includes(
    `"#/definitions/${root}"`,
  );
  return {
    ...result,
    definitions: isRecursive ? { ...others, [root]: own } : others,
  };
}

/**
 * The schema of a kind.
 *
 * @param document - OpenAPI 3, of one API version
 * @returns undefined when the document has no such kind
 * @throws ContentTooLargeError
 */
export function pruneSchema(
  document: unknown,
  wanted: { group: string; version: string; kind: string },
): JsonSchema | undefined {
  const schemas = fieldsOf(fieldOf(fieldOf(document, 'components'), 'schemas'));
  const found = Object.entries(schemas).find(([, schema]) =>
    itemsOf(fieldOf(schema, KINDS)).some(
      item =>
        fieldOf(item, 'group') === wanted.group &&
        fieldOf(item, 'version') === wanted.version &&
        fieldOf(item, 'kind') === wanted.kind,
    ),
  );
  if (!found) return undefined;
  for (const isShort of [false, true]) {
    const schema = schemaOf(schemas, found[0], isShort);
    if (JSON.stringify(schema).length <= MAX_LENGTH) return schema;
  }
  throw new ContentTooLargeError(
    `The schema of ${wanted.kind} is too large to be shown`,
  );
}
