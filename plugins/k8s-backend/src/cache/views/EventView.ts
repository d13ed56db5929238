import {
  eventRow,
  eventRowId,
  newestOf,
  sayingOf,
} from '../../views/eventRows';
import type { Saying } from '../../views/eventRows';
import { createBreather } from '../createBreather';
import type { Row } from '../Row';
import { uidOf } from './rowKeys';
import { TouchedRows } from './TouchedRows';
import type { ViewDefinition, ViewParts, ViewRows } from './ViewRows';

type EventPart = 'events';

/** An event, of which the words are not kept: only those of the newest that says the same are shown. */
interface Said extends Saying {
  row: Row;
}

class EventView implements ViewRows<EventPart> {
  readonly #parts: ViewParts<EventPart>;
  /** By uid. */
  readonly #said = new Map<string, Said>();
  /** Uids, by the key of what is said. */
  readonly #groups = new Map<string, Set<string>>();
  readonly #touched = new TouchedRows({ keyOf: uidOf });

  constructor(parts: ViewParts<EventPart>) {
    this.#parts = parts;
  }

  changed(_: EventPart, row: Row): void {
    this.#touched.changed(row);
  }

  deleted(_: EventPart, row: Row): void {
    this.#touched.deleted(row);
  }

  aged(): boolean {
    return false;
  }

  async *take({
    all,
  }: {
    all: boolean;
  }): AsyncIterable<[string, object | undefined]> {
    if (all) this.#readAll();
    const breathe = createBreather();
    const changed = new Set<string>();
    for (const [uid, row] of this.#touched.take()) {
      const before = this.#lose(uid);
      if (before !== undefined) changed.add(before);
      if (row) changed.add(this.#keep(uid, row));
      await breathe();
    }
    for (const key of changed) yield [eventRowId(key), this.#rowOf(key)];
  }

  #readAll() {
    this.#said.clear();
    this.#groups.clear();
    this.#touched.startOver(this.#parts.rows('events'));
  }

  #keep(uid: string, row: Row): string {
    const saying = sayingOf(this.#parts.objectOf('events', row));
    const { key } = saying;
    this.#said.set(uid, { ...saying, row });
    const group = this.#groups.get(key);
    if (group) group.add(uid);
    else this.#groups.set(key, new Set([uid]));
    return key;
  }

  /** @returns the key of what it said */
  #lose(uid: string): string | undefined {
    const key = this.#said.get(uid)?.key;
    if (key === undefined) return undefined;
    this.#said.delete(uid);
    const group = this.#groups.get(key);
    group?.delete(uid);
    if (group?.size === 0) this.#groups.delete(key);
    return key;
  }

  #rowOf(key: string): object | undefined {
    const uids = [...(this.#groups.get(key) ?? [])];
    const group = uids.flatMap(uid => this.#said.get(uid) ?? []);
    if (group.length === 0) return undefined;
    const { row } = newestOf(group);
    return eventRow(this.#parts.objectOf('events', row), group);
  }
}

/** Events by the id of their row: those that say the same are one. */
export const eventView: ViewDefinition<EventPart> = {
  optional: [],
  make: ({ parts }) => new EventView(parts),
};
