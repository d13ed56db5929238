/** What may be written at a place of a manifest, by the schema of its kind. */
import { resolveSchema, schemaAt, typesOf } from './JsonSchema';
import type { JsonSchema } from './JsonSchema';

/** A field or a value that may be written. */
export interface ManifestOption {
  label: string;
  /** What is written. */
  text: string;
  /** Its type. */
  detail?: string;
  /** What it is for. */
  info?: string;
  isRequired?: boolean;
}

/** Where in a manifest somebody is writing. */
export interface WritingPlace {
  /** The field or item that is being filled. */
  path: (string | number)[];
  /** Where the word that is being written begins. */
  from: number;
  /** Present: the value of this field is being written, not a field. */
  field?: string;
}

const DASH = /^-(?:\s+|$)/;
const KEY =
  /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"-][^:#]*?|-[^\s:#][^:#]*?))\s*:(?:\s|$)/;
const BLOCK_TEXT = /[|>][-+0-9]*\s*$/;
const WORD = /^[\w./-]*$/;

/** What a part of the text is in: a field, or an item of a list, with the column where it begins. */
interface Level {
  column: number;
  segment: string | number;
}

/** Follows which fields and items the lines of a manifest are in, as far as it is written; it need not be complete. */
class ManifestLevels {
  private levels: Level[] = [];
  /** Column of the field whose text goes over several lines. */
  private textColumn: number | undefined;

  /** Whether a line that begins at the column is part of a text. */
  isText(column: number): boolean {
    return this.textColumn !== undefined && column > this.textColumn;
  }

  /** The path of what begins at the column. */
  pathAt(column: number): (string | number)[] {
    return this.levels
      .filter(level => level.column < column)
      .map(({ segment }) => segment);
  }

  /** Takes in a line; the answer is the column where what follows its dashes begins. */
  read(line: string): number {
    let column = line.search(/\S|$/);
    let rest = line.slice(column);
    if (rest === '' || rest.startsWith('#') || this.isText(column)) {
      return column;
    }
    this.textColumn = undefined;
    for (let dash = DASH.exec(rest); dash; dash = DASH.exec(rest)) {
      const at = column;
      this.leave(level => level.column > at || isItemAt(level, at));
      this.levels.push({ column, segment: 0 });
      column += dash[0].length;
      rest = rest.slice(dash[0].length);
    }
    const key = KEY.exec(rest);
    if (key) {
      const start = column;
      this.leave(level => level.column >= start);
      this.levels.push({ column, segment: key[1] ?? key[2] ?? key[3] });
      if (BLOCK_TEXT.test(rest)) this.textColumn = column;
    }
    return column;
  }

  private leave(isLeft: (level: Level) => boolean) {
    while (this.levels.length > 0 && isLeft(this.levels.at(-1)!)) {
      this.levels.pop();
    }
  }
}

/** A list may begin at the column of the field that it belongs to: the field stays, the item before goes. */
function isItemAt({ column, segment }: Level, dash: number): boolean {
  return column === dash && typeof segment === 'number';
}

/** Where in the text somebody is writing; undefined: where nothing can be offered, e.g. in a comment. */
export function placeIn(
  text: string,
  position: number,
): WritingPlace | undefined {
  const lines = text.slice(0, position).split('\n');
  const current = lines.pop() ?? '';
  const levels = new ManifestLevels();
  lines.forEach(line => levels.read(line));
  const indent = current.search(/\S|$/);
  if (current.includes('#') || levels.isText(indent)) return undefined;
  // Of the line itself only the dashes are certain.
  const dashes = /^\s*(?:-\s+)*/.exec(current)![0];
  const column = dashes.trim() === '' ? indent : levels.read(dashes);
  const path = levels.pathAt(column);
  const written = current.slice(dashes.length);
  const value = /^([^\s:]+):\s+(\S*)$/.exec(written);
  if (value) {
    return { path, field: value[1], from: position - value[2].length };
  }
  return WORD.test(written)
    ? { path, from: position - written.length }
    : undefined;
}

function typeWords(schema: JsonSchema, root: JsonSchema): string {
  return typesOf(schema, root).join(' / ');
}

/** What may be written there. */
export function optionsAt(
  root: JsonSchema,
  { path, field }: Pick<WritingPlace, 'path' | 'field'>,
): ManifestOption[] {
  const schema = schemaAt(root, field === undefined ? path : [...path, field]);
  if (!schema) return [];
  if (field !== undefined) {
    const values = typesOf(schema, root).includes('boolean')
      ? ['true', 'false']
      : (schema.enum ?? []).filter(value => value !== null && value !== '');
    return values.map(value => ({ label: String(value), text: String(value) }));
  }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const resolved = resolveSchema(property, root);
    const types = typesOf(resolved, root);
    const isInner = types.includes('object') || types.includes('array');
    return {
      label: name,
      text: isInner ? `${name}:` : `${name}: `,
      detail: typeWords(resolved, root),
      info: property.description ?? resolved.description,
      isRequired: schema.required?.includes(name),
    };
  });
}
