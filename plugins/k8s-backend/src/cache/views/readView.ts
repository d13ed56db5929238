/**
 * Keeps the rows of a view up to date. Nothing is copied from the parts: what changes only marks rows, which are made anew from
 * what is there when changes have been gathered for a moment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CacheState,
  ResourceQuery,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';
import { Bell } from '../../live/Bell';
import { matcherOf } from '../../resources/matcherOf';
import { leastFresh } from '../../views/cacheStates';
import { createBreather } from '../createBreather';
import { parsedBytes } from '../memory/sizes';
import type { Row } from '../Row';
import type { RowListener } from '../RowListener';
import type { MadeRows, ViewDefinition, ViewParts, ViewRows } from './ViewRows';
import type { ViewSource } from './ViewSource';

/** Milliseconds; short enough for people, long enough for the burst that one change sets off. */
export const GATHER_MS = 100;
/** Milliseconds between two looks at what may differ although nothing has happened, as that something has lasted too long. */
const AGED_MS = 5_000;

/** What is new in a view. */
export interface ViewUpdate {
  /** Whether all that there is has been told; until then there are no rows. */
  isSynced: boolean;
  upserted: ViewRow[];
  /** Keys. */
  deleted: string[];
  cache: CacheState;
}

/** One part of a view, with what of it belongs to the view. */
class Part {
  readonly query: ResourceQuery;
  readonly source: ViewSource;
  readonly matches: (row: Row) => boolean;
  /** Whether the view is made without it where it cannot be read. */
  readonly isOptional: boolean;
  /** It was let go of, and is not there again yet. */
  isAway = false;
  #stop: (() => void) | undefined;

  constructor(options: {
    query: ResourceQuery;
    source: ViewSource;
    isOptional: boolean;
  }) {
    this.query = options.query;
    this.source = options.source;
    this.matches = matcherOf(options.query);
    this.isOptional = options.isOptional;
  }

  /** Whether the others need not wait for it: what cannot be read at all can be done without. */
  get isSettled(): boolean {
    return this.source.isSynced || this.isMissing;
  }

  get isMissing(): boolean {
    if (this.isAway) return true;
    const { state, message } = this.source.state();
    return this.isOptional && state === 'syncing' && message !== undefined;
  }

  /** Whether it is listened to. */
  get isHeard(): boolean {
    return this.#stop !== undefined;
  }

  listen(listener: RowListener) {
    let isClosed = false;
    const stop = this.source.listen({
      ...listener,
      close: error => {
        isClosed = true;
        this.stop();
        listener.close(error);
      },
    });
    // It may be closed at once.
    if (isClosed) stop();
    else this.#stop = stop;
  }

  stop() {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Answers whether it is there again. */
  isBack(): boolean {
    const isBack = this.isAway && this.isHeard && this.source.isSynced;
    if (isBack) this.isAway = false;
    return isBack;
  }

  *rows(query?: { ownerUids: readonly string[] }): Iterable<Row> {
    // Of what was let go of no objects are there, though rows may be.
    if (this.isAway) return;
    const { namespace, name } = this.query;
    for (const row of this.source.rows(query ?? { namespace, name })) {
      if (this.matches(row)) yield row;
    }
  }
}

/** Bytes that a row takes which was told, about. */
function entryBytes(key: string, json: string | undefined): number {
  return json === undefined ? 0 : parsedBytes(key) + parsedBytes(json);
}

const pause = (timeMs: number, signal: AbortSignal) =>
  sleep(timeMs, undefined, { signal, ref: false }).catch(() => undefined);

function readable(parts: ReadonlyMap<string, Part>): ViewParts<string> {
  const find = (name: string) => {
    const part = parts.get(name);
    if (!part) throw new Error(`The view has no part ${name}`);
    return part;
  };
  return {
    rows: (name, query) => find(name).rows(query),
    objectOf: (name, row) => find(name).source.objectOf(row),
    isThere: name => !find(name).isMissing,
  };
}

function listenerOf(
  name: string,
  options: {
    part: Part;
    rows: ViewRows<string>;
    heard: { isReset: boolean; end?: { error?: Error } };
    bell: Bell;
  },
): RowListener {
  const { part, rows, heard, bell } = options;
  return {
    changed: (row: Row, before: Row | undefined) => {
      if (part.isAway) return;
      // Another object took the name of one whose deletion was never told.
      const isAnother = before && before.metadata.uid !== row.metadata.uid;
      if (isAnother && part.matches(before)) rows.deleted(name, before);
      if (part.matches(row)) rows.changed(name, row);
      else if (before && part.matches(before)) rows.deleted(name, before);
      else return;
      bell.ring();
    },
    deleted: (row: Row) => {
      if (part.isAway || !part.matches(row)) return;
      rows.deleted(name, row);
      bell.ring();
    },
    reset: () => {
      heard.isReset = true;
      bell.ring();
    },
    refresh: () => bell.ring(),
    close: (error?: Error) => {
      if (!part.isOptional) heard.end ??= { error };
      // Tried again in vain, it is away as before.
      else if (part.isAway) return;
      else {
        part.isAway = true;
        heard.isReset = true;
      }
      bell.ring();
    },
  };
}

/** What a reader was told, so that only what differs is told again. */
class Told {
  isSynced = false;
  readonly #rows = new Map<string, string>();
  #cache = '';
  readonly #onHeld: (bytes: number) => void;

  /** @param onHeld - told by how many bytes it holds more than before, or less */
  constructor(onHeld: (bytes: number) => void) {
    this.#onHeld = onHeld;
  }

  /** Nothing is told any more. */
  clear() {
    for (const key of [...this.#rows.keys()]) this.#put(key, undefined);
  }

  #put(key: string, json: string | undefined) {
    const before = this.#rows.get(key);
    if (json === undefined) this.#rows.delete(key);
    else this.#rows.set(key, json);
    this.#onHeld(entryBytes(key, json) - entryBytes(key, before));
  }

  isNewCache(cache: CacheState): boolean {
    return JSON.stringify(cache) !== this.#cache;
  }

  /** @returns undefined when nothing is new */
  waiting(cache: CacheState): ViewUpdate | undefined {
    const isNew = this.isNewCache(cache) || this.isSynced;
    // What follows may be another cluster: then all of it is told.
    this.clear();
    this.isSynced = false;
    this.#cache = JSON.stringify(cache);
    if (!isNew) return undefined;
    return { isSynced: false, upserted: [], deleted: [], cache };
  }

  /** @returns undefined when nothing is new */
  async rows(
    made: MadeRows,
    { all, cache }: { all: boolean; cache: CacheState },
  ): Promise<ViewUpdate | undefined> {
    const breathe = createBreather();
    /** By key; undefined: gone. Of a row that goes and comes back the last counts. */
    const changes = new Map<string, string | undefined>();
    const gone = new Set(all ? this.#rows.keys() : []);
    for await (const [key, row] of made) {
      gone.delete(key);
      const json = row && JSON.stringify(row);
      if (this.#rows.get(key) === json) changes.delete(key);
      else changes.set(key, json);
      await breathe();
    }
    for (const key of gone) changes.set(key, undefined);
    const upserted: ViewRow[] = [];
    const deleted: string[] = [];
    for (const [key, json] of changes) {
      this.#put(key, json);
      if (json === undefined) deleted.push(key);
      else upserted.push({ key, json });
    }
    const isNew = !this.isSynced || this.isNewCache(cache);
    this.isSynced = true;
    this.#cache = JSON.stringify(cache);
    if (!isNew && upserted.length === 0 && deleted.length === 0) {
      return undefined;
    }
    return { isSynced: true, upserted, deleted, cache };
  }
}

/**
 * The rows of a view as they change, until the signal is aborted.
 *
 * A part that it can do without is left out while it is let go of, and looked for again now and then.
 *
 * @throws what ends one of its other sources; InputError when a selector cannot be read
 */
export async function* readView(
  definition: ViewDefinition,
  options: {
    cluster: string;
    parts: Readonly<
      Record<string, { query: ResourceQuery; source: ViewSource }>
    >;
    signal: AbortSignal;
    /** Milliseconds since 1970. */
    now?: () => number;
    /** Told by how many bytes the view holds more than before, or less; about. */
    onHeld?: (bytes: number) => void;
  },
): AsyncGenerator<ViewUpdate> {
  const { cluster, signal, now = Date.now, onHeld = () => {} } = options;
  const parts = new Map(
    Object.entries(options.parts).map(([name, part]) => [
      name,
      new Part({ ...part, isOptional: definition.optional.includes(name) }),
    ]),
  );
  const rows = definition.make({ cluster, parts: readable(parts), now });
  const bell = new Bell();
  const heard = {
    isReset: true,
    end: undefined as { error?: Error } | undefined,
  };
  const listen = (name: string, part: Part) =>
    part.listen(listenerOf(name, { part, rows, heard, bell }));
  for (const [name, part] of parts) listen(name, part);
  const told = new Told(onHeld);
  const wake = () => bell.ring();
  signal.addEventListener('abort', wake, { once: true });
  const ager = setInterval(() => {
    if (rows.aged()) bell.ring();
    for (const [name, part] of parts) {
      if (part.isHeard) continue;
      listen(name, part);
      if (part.isHeard) bell.ring();
    }
  }, AGED_MS).unref();
  let toldAt = -Infinity;
  bell.ring();
  try {
    while (!signal.aborted) {
      await bell.heard();
      const waitMs = told.isSynced ? GATHER_MS : 0;
      const restMs = Math.max(waitMs, toldAt + GATHER_MS - performance.now());
      if (told.isSynced) await pause(restMs, signal);
      if (signal.aborted) return;
      if (heard.end) {
        if (heard.end.error) throw heard.end.error;
        return;
      }
      const states = [...parts.values()];
      if (states.filter(part => part.isBack()).length > 0) heard.isReset = true;
      const isSynced = states.every(({ isSettled }) => isSettled);
      const cache = leastFresh(
        states.flatMap(part => (part.isMissing ? [] : [part.source.state()])),
      );
      const all = isSynced && (heard.isReset || told.isNewCache(cache));
      if (isSynced) heard.isReset = false;
      let update: ViewUpdate | undefined;
      try {
        update = isSynced
          ? await told.rows(rows.take({ all, cache }), { all, cache })
          : told.waiting(cache);
      } catch (error) {
        // Of a part that was let go of meanwhile; all is made anew, without it.
        if (!heard.isReset) throw error;
      }
      if (!update) continue;
      toldAt = performance.now();
      yield update;
    }
  } finally {
    signal.removeEventListener('abort', wake);
    clearInterval(ager);
    for (const part of parts.values()) part.stop();
    told.clear();
  }
}
