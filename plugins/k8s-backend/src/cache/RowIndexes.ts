/**
 * Finds the rows that a query can be about without looking at all of them. Two indexes are always there, by owner and by namespace,
 * since nearly every query uses one of them. Others, by a label or a field, are made of what is there when the same is asked for a
 * second time, and let go of when nobody has asked for minutes: an entry costs memory for each row.
 */
import type {
  ColumnSource,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import { fieldsWanted } from '../resources/FieldSelector';
import { labelsWanted } from '../resources/LabelSelector';
import type { Row } from './Row';
import { rowFields } from './rowFields';

/** What of a query says where its rows are. */
export interface RowSelection {
  namespace?: string;
  name?: string;
  ownerUids?: readonly string[];
  labelSelector?: string;
  fieldSelector?: string;
  /** Those of the rows; absent: nothing is selected by fields. */
  columns?: readonly ColumnSource[];
}

/** What rows can be found by. */
interface Extractor {
  /** What it is called; equal for the same extractor. */
  id: string;
  /** Under which values a row is. */
  valuesOf: (row: Row) => readonly string[];
}

/** An extractor, and the values that rows of a query have: one of them at least. */
interface Narrowing extends Extractor {
  wanted: readonly string[];
}

const OWNER: Extractor = { id: 'owner', valuesOf: ({ parents }) => parents };
const NAMESPACE: Extractor = {
  id: 'namespace',
  valuesOf: ({ metadata: { namespace } }) =>
    namespace === undefined ? [] : [namespace],
};
const labelExtractor = (key: string): Extractor => ({
  id: `label ${key}`,
  valuesOf: ({ metadata: { labels } }) =>
    labels && Object.hasOwn(labels, key) ? [labels[key]] : [],
});

/** How a query narrows rows down; each is right by itself. */
const NARROWINGS: readonly ((query: RowSelection) => Narrowing[])[] = [
  ({ ownerUids }) => (ownerUids ? [{ ...OWNER, wanted: ownerUids }] : []),
  ({ namespace }) =>
    namespace === undefined ? [] : [{ ...NAMESPACE, wanted: [namespace] }],
  ({ labelSelector }) =>
    labelsWanted(labelSelector).map(({ key, values }) => ({
      ...labelExtractor(key),
      wanted: values,
    })),
  ({ fieldSelector, columns = [] }) => {
    if (!fieldSelector) return [];
    const fields = rowFields(columns);
    const names = [...fields.keys()];
    return fieldsWanted(fieldSelector, { fields: names }).map(
      ({ name, value }) => ({
        id: `field ${name}`,
        valuesOf: row => [fields.get(name)?.(row) ?? ''],
        wanted: [value],
      }),
    );
  },
];

// Looking at fewer rows than this costs no more than looking an index up.
const LEAST_ROWS = 500;
// Each costs about 50 bytes a row.
const MOST_MADE = 4;
// Selectors come from people and programs: anything may be in them.
const MOST_ASKED = 64;
const UNUSED_MS = 5 * 60_000;
/** Bytes of an entry, about. */
const ENTRY_BYTES = 48;

/** Rows by one extractor. Of most values there is one row only, which needs no set. */
class RowIndex {
  /** ms since 1970. */
  usedAt = Date.now();
  readonly #valuesOf: Extractor['valuesOf'];
  readonly #rows = new Map<string, Row | Set<Row>>();

  constructor({ valuesOf }: Extractor) {
    this.#valuesOf = valuesOf;
  }

  add(row: Row) {
    for (const value of this.#valuesOf(row)) {
      const there = this.#rows.get(value);
      if (there instanceof Set) there.add(row);
      else if (there === undefined) this.#rows.set(value, row);
      else if (there !== row) this.#rows.set(value, new Set([there, row]));
    }
  }

  remove(row: Row) {
    for (const value of this.#valuesOf(row)) {
      const there = this.#rows.get(value);
      if (there instanceof Set) {
        there.delete(row);
        if (there.size === 0) this.#rows.delete(value);
      } else if (there === row) this.#rows.delete(value);
    }
  }

  count(values: readonly string[]): number {
    let count = 0;
    for (const value of values) {
      const there = this.#rows.get(value);
      if (there) count += there instanceof Set ? there.size : 1;
    }
    return count;
  }

  *select(values: readonly string[]): Iterable<Row> {
    const [only] = values;
    if (values.length === 1) {
      yield* this.#under(only);
      return;
    }
    const isRepeated = new Set<Row>();
    for (const value of new Set(values)) {
      for (const row of this.#under(value)) {
        const mayComeAgain = this.#valuesOf(row).length > 1;
        if (mayComeAgain && isRepeated.has(row)) continue;
        if (mayComeAgain) isRepeated.add(row);
        yield row;
      }
    }
  }

  #under(value: string): Iterable<Row> {
    const there = this.#rows.get(value);
    if (there === undefined) return [];
    return there instanceof Set ? there : [there];
  }
}

/** The indexes of the rows of one kind in one cluster. */
export class RowIndexes {
  readonly #always = new Map(
    [OWNER, NAMESPACE].map(one => [one.id, new RowIndex(one)] as const),
  );
  /** Made for those who asked, the one that was used last at the end. */
  readonly #made = new Map<string, RowIndex>();
  /** What was asked for once, with when; ms since 1970. */
  readonly #asked = new Map<string, number>();
  #size = 0;

  /** Bytes of what was made for those who asked, about. */
  get bytes(): number {
    return this.#made.size * this.#size * ENTRY_BYTES;
  }

  add(row: Row) {
    this.#size += 1;
    for (const index of this.#all()) index.add(row);
  }

  remove(row: Row) {
    this.#size -= 1;
    for (const index of this.#all()) index.remove(row);
  }

  /** A row that has the same owner. */
  sibling(object: KubernetesObject): Row | undefined {
    const [owner] = object.metadata.ownerReferences ?? [];
    if (!owner) return undefined;
    const [row] = this.#always.get(OWNER.id)?.select([owner.uid]) ?? [];
    return row;
  }

  /** Rows among which those of the query are; all when nothing narrows it. @throws InputError when a selector cannot be read */
  select(rows: ReadonlyMap<string, Row>, query: RowSelection): Iterable<Row> {
    let least: (() => Iterable<Row>) | undefined;
    let leastCount = Number.POSITIVE_INFINITY;
    for (const narrowing of NARROWINGS.flatMap(find => find(query))) {
      const { id, wanted } = narrowing;
      const index = this.#always.get(id) ?? this.#indexOf(narrowing, rows);
      const count = index?.count(wanted) ?? Number.POSITIVE_INFINITY;
      if (!index || count >= leastCount) continue;
      leastCount = count;
      least = () => index.select(wanted);
    }
    return least ? least() : rows.values();
  }

  /** Lets go of what nobody has used for minutes. */
  tidy() {
    const since = Date.now() - UNUSED_MS;
    for (const [id, { usedAt }] of this.#made) {
      if (usedAt < since) this.#made.delete(id);
    }
    for (const [id, at] of this.#asked) {
      if (at < since) this.#asked.delete(id);
    }
  }

  #indexOf(
    extractor: Extractor,
    rows: ReadonlyMap<string, Row>,
  ): RowIndex | undefined {
    const { id } = extractor;
    const known = this.#made.get(id);
    if (known) {
      known.usedAt = Date.now();
      this.#made.delete(id);
      this.#made.set(id, known);
      return known;
    }
    if (rows.size < LEAST_ROWS) return undefined;
    if (!this.#asked.has(id)) {
      this.#asked.set(id, Date.now());
      const [oldest] = this.#asked.keys();
      if (this.#asked.size > MOST_ASKED) this.#asked.delete(oldest);
      return undefined;
    }
    const made = new RowIndex(extractor);
    for (const row of rows.values()) made.add(row);
    this.#made.set(id, made);
    // One that has to go is not made anew by the next who asks, but by the one after.
    this.#asked.delete(id);
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST_MADE) this.#made.delete(oldest);
    return made;
  }

  *#all(): Iterable<RowIndex> {
    yield* this.#always.values();
    yield* this.#made.values();
  }
}
