/** Checks a manifest against the schema of its kind, with the place of each problem in the text. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Pair } from 'yaml';
import { resolveSchema, schemaOfField, typesOf } from './JsonSchema';
import type { JsonSchema } from './JsonSchema';

/** Something that is wrong with a manifest, from one character of its text to another. */
export interface ManifestProblem {
  from: number;
  to: number;
  /** What is wrong; `words` are what it is about. */
  code:
    | 'syntax'
    | 'oneDocument'
    | 'tooLong'
    | 'identity'
    | 'unknown'
    | 'required'
    | 'type'
    | 'enum';
  words: Readonly<Record<string, string>>;
}

/** What the API server writes; nobody's manifest has to be right there. */
const UNCHECKED = 'status';

type Range = { from: number; to: number };

function rangeOf(node: unknown, fallback: Range): Range {
  const range = (node as { range?: [number, number, number] | null } | null)
    ?.range;
  return range ? { from: range[0], to: range[1] } : fallback;
}

/** What is marked of an item: its first field. */
function headOf(item: unknown, fallback: Range): Range {
  const first = isMap(item) ? item.items[0]?.key : undefined;
  return rangeOf(first ?? item, fallback);
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function typeOf(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? 'integer' : 'number';
  }
  return typeof value;
}

class ManifestCheck {
  readonly problems: ManifestProblem[] = [];

  constructor(private readonly root: JsonSchema) {}

  check(node: unknown, schema: JsonSchema, place: Range): void {
    // What an alias stands for was checked where it is defined.
    if (node === null || node === undefined || isAlias(node)) return;
    const resolved = resolveSchema(schema, this.root);
    const types = typesOf(resolved, this.root);
    const range = rangeOf(node, place);
    const isAny = types.length === 0;
    if (isMap(node)) {
      if (!isAny && !types.includes('object')) this.wrongType(range, types);
      else this.checkMap(node.items as Pair[], resolved, place);
    } else if (isSeq(node)) {
      if (!isAny && !types.includes('array')) this.wrongType(range, types);
      else {
        const item = schemaOfField(resolved, 0) ?? {};
        node.items.forEach(one => this.check(one, item, headOf(one, range)));
      }
    } else if (isScalar(node)) {
      this.checkScalar(node.value, resolved, { range, types });
    }
  }

  /** @param place - what is marked where a field is missing */
  checkMap(items: Pair[], schema: JsonSchema, place: Range) {
    const given = new Set<string>();
    for (const { key, value } of items) {
      const name = nameOf(key);
      given.add(name);
      const range = rangeOf(key, place);
      const field = schemaOfField(schema, name);
      if (field) this.check(value, field, range);
      else this.problems.push({ ...range, code: 'unknown', words: { name } });
    }
    for (const name of schema.required ?? []) {
      if (!given.has(name)) {
        this.problems.push({ ...place, code: 'required', words: { name } });
      }
    }
  }

  private checkScalar(
    value: unknown,
    schema: JsonSchema,
    { range, types }: { range: Range; types: readonly string[] },
  ) {
    // Nothing is the same as leaving it out.
    if (value === null) return;
    const type = typeOf(value);
    const isRight =
      types.length === 0 ||
      types.includes(type) ||
      (type === 'integer' && types.includes('number'));
    if (!isRight) this.wrongType(range, types);
    else if (schema.enum && !schema.enum.includes(value)) {
      const allowed = schema.enum.filter(one => one !== null && one !== '');
      this.problems.push({
        ...range,
        code: 'enum',
        words: { allowed: allowed.join(', ') },
      });
    }
  }

  private wrongType(range: Range, types: readonly string[]) {
    this.problems.push({
      ...range,
      code: 'type',
      words: { type: [...new Set(types)].join(' / ') },
    });
  }
}

/** What is wrong with the content of a manifest; the text itself could be read. */
export function checkManifest(
  document: Document.Parsed,
  root: JsonSchema,
): ManifestProblem[] {
  const { contents } = document;
  const start = { from: 0, to: 0 };
  if (!isMap(contents)) {
    const range = rangeOf(contents, start);
    return [{ ...range, code: 'type', words: { type: 'object' } }];
  }
  const check = new ManifestCheck(root);
  const schema = resolveSchema(root, root);
  const items = (contents.items as Pair[]).filter(
    ({ key }) => nameOf(key) !== UNCHECKED,
  );
  const required = schema.required?.filter(name => name !== UNCHECKED);
  check.checkMap(items, { ...schema, required }, rangeOf(items[0]?.key, start));
  return check.problems;
}
