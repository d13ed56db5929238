/** Finds fields of a kind by their name, however deep they are. */
import { resolveSchema } from '../schema/JsonSchema';
import type { JsonSchema } from '../schema/JsonSchema';
import { isOffered } from './commonFields';
import { pathText } from './fieldPath';
import type { FieldPath } from './fieldPath';
import { shapeOf } from './fieldShape';

/** A field that was found. */
export interface FoundField {
  /** Through the first item of lists. */
  path: FieldPath;
  description?: string;
}

/** Fields that are looked at; schemas may have no end. */
const MOST_VISITED = 20_000;
const MOST_DEEP = 14;
/** Fields that are shown. */
const MOST_FOUND = 20;

interface Visit {
  schema: JsonSchema;
  path: FieldPath;
}

function* fieldsBelow(
  { schema, path }: Visit,
  root: JsonSchema,
): Iterable<Visit> {
  const shape = shapeOf(schema, root);
  if (shape === 'list') {
    const items = resolveSchema(schema.items, root);
    yield* fieldsBelow({ schema: items, path: [...path, 0] }, root);
  } else if (shape === 'section') {
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      if (isOffered(path, name)) {
        yield { schema: resolveSchema(inner, root), path: [...path, name] };
      }
    }
  }
}

function rankOf(name: string, query: string): number {
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  return name.includes(query) ? 2 : -1;
}

/** Every field of a kind, the nearest first, as far as they are looked at. */
export function listFields(root: JsonSchema): FoundField[] {
  const found: FoundField[] = [];
  const waiting: Visit[] = [{ schema: resolveSchema(root, root), path: [] }];
  for (let next = 0; next < waiting.length; next++) {
    for (const field of fieldsBelow(waiting[next], root)) {
      if (found.length >= MOST_VISITED) return found;
      const { description } = field.schema;
      found.push({ path: field.path, ...(description && { description }) });
      if (field.path.length < MOST_DEEP) waiting.push(field);
    }
  }
  return found;
}

/** The fields whose name, or path, holds the text; the best first. */
export function searchFields(
  fields: readonly FoundField[],
  text: string,
): FoundField[] {
  const query = text.trim().toLowerCase();
  if (query === '') return [];
  const isPath = query.includes('.');
  return fields
    .map(field => {
      const name = isPath
        ? pathText(field.path).replace(/\[\]/g, '')
        : String(field.path.at(-1));
      return { field, rank: rankOf(name.toLowerCase(), query) };
    })
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST_FOUND)
    .map(({ field }) => field);
}
