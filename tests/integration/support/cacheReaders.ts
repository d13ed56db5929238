/** Readers that record what a cache tells, and check it: each in one of the ways in which a cache can be read. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ColumnSource } from '../../../plugins/k8s-common/src/columns';
import {
  sortKeysOf,
  unpackRows,
} from '../../../plugins/k8s-node/src/resources/ResourceTable';
import type {
  SortKey,
  TableResult,
} from '../../../plugins/k8s-node/src/resources/ResourceTable';
import type { ResourceCache } from '../../../plugins/k8s-backend/src/cache/ResourceCache';
import { NUMBER_LABEL, WRITTEN } from './ChangeWriter.ts';
import type { ChangeWriter } from './ChangeWriter.ts';

/** Longest time in which a fault has to be noticed. */
export const NOTICED_WITHIN_MS = 15_000;

const QUERY = { ...WRITTEN, namespace: 'default' };
const NUMBER: ColumnSource = {
  id: 'number',
  title: 'Number',
  type: 'text',
  path: `.metadata.labels.${NUMBER_LABEL}`,
};
const ROWS = { ...QUERY, columns: [NUMBER] };
// Less than there are objects, so that there are several pages.
const PAGE = 7;
/** Milliseconds between two looks at what is told. */
export const SAMPLE_MS = 250;
const AGAIN_MS = 100;
// What was told before a list was read again may come after it.
const LATE_MS = 2_000;

/** What a reader knows of an object. */
interface Known {
  uid: string;
  version: string;
}

/** How fresh something is said to be. */
type CacheState = TableResult['cache'];

/** One way of reading a cache. */
export interface CacheReader {
  /** What was wrong, as sentences. */
  readonly problems: string[];
  /** `RESET` and the like, as they came. */
  readonly types: string[];
  start(): void;
  stop(): Promise<void>;
  /**
   * `uid@resourceVersion` of what there is, from what was told, `name@resourceVersion` of rows without uids; undefined: this reader
   * keeps nothing.
   */
  told(): string[] | undefined;
}

/** What a reader reads with. */
export interface ReaderOptions {
  cache: ResourceCache;
  writer: ChangeWriter;
  /** Whether a failure of the stream is to be expected: then it is begun again. */
  mayBreak?: (error: unknown) => boolean;
}

/** Reads again and again until it is stopped. */
export abstract class Reader implements CacheReader {
  readonly problems: string[] = [];
  readonly types: string[] = [];
  protected readonly cache: ResourceCache;
  protected readonly writer: ChangeWriter;
  protected readonly abort = new AbortController();
  protected readonly options: ReaderOptions;
  readonly #numbers = new Map<string, number>();
  #lists: number | undefined = 0;
  #listedAt = 0;
  #done: Promise<void> = Promise.resolve();

  constructor(options: ReaderOptions) {
    this.cache = options.cache;
    this.writer = options.writer;
    this.options = options;
  }

  start() {
    this.#done = this.#run();
  }

  async stop() {
    this.abort.abort();
    await this.#done;
  }

  abstract told(): string[] | undefined;

  protected abstract read(): Promise<void>;

  /** Numbers may go back from here. */
  protected reset() {
    this.#numbers.clear();
  }

  protected check(
    { name, uid }: { name: string; uid: string },
    number: number,
  ) {
    if (!this.writer.wrote(name, number)) {
      this.problems.push(`${name}: ${number} was never written`);
    }
    const last = this.#numbers.get(uid) ?? 0;
    if (number < last) this.problems.push(`${name}: ${last}, then ${number}`);
    this.#numbers.set(uid, number);
  }

  /** Numbers may go back if a list was read again just now, for readers who are not told so. */
  protected async resetAfterList() {
    const lists = await this.countLists().catch(() => undefined);
    if (lists !== this.#lists) this.#listedAt = Date.now();
    this.#lists = lists;
    if (Date.now() - this.#listedAt < LATE_MS) this.reset();
  }

  /** Checks that what is called live is true, and what is called stale was true then. */
  protected checkTrue(
    numbers: ReadonlyMap<string, number>,
    { state, asOf }: CacheState,
    askedAt: number,
  ) {
    if (state === 'syncing') return;
    const trueAt = asOf === undefined ? askedAt : Date.parse(asOf);
    const until = Math.min(trueAt, askedAt) - NOTICED_WITHIN_MS;
    for (const one of this.writer.missing(numbers, until)) {
      this.problems.push(`${state} as of ${asOf}: ${one}`);
    }
  }

  protected async countLists(): Promise<number> {
    const kinds = await this.cache.kinds();
    const kind = kinds.find(({ plural }) => plural === WRITTEN.plural);
    return kind?.lists ?? 0;
  }

  async #run() {
    const { signal } = this.abort;
    while (!signal.aborted) {
      try {
        await this.read();
      } catch (error) {
        if (signal.aborted) return;
        if (this.options.mayBreak?.(error)) this.types.push('BROKEN');
        else this.problems.push(String(error));
        await sleep(AGAIN_MS);
      }
    }
  }
}

/** Reads changes of whole objects. */
export class ObjectReader extends Reader {
  readonly #objects = new Map<string, Known>();

  told() {
    return keysOf(this.#objects);
  }

  protected async read() {
    const { signal } = this.abort;
    let isFirst = true;
    for await (const change of this.cache.watch(QUERY, { signal })) {
      if (isFirst && change.type !== 'RESET') {
        this.problems.push(`Changes begin with ${change.type}`);
      }
      isFirst = false;
      if (!('object' in change)) {
        this.types.push(change.type);
        if (change.type !== 'RESET') continue;
        this.#objects.clear();
        this.reset();
        continue;
      }
      const { type, object } = change;
      const { metadata } = object;
      const { name = '', uid = '', resourceVersion = '' } = metadata;
      this.check({ name, uid }, Number(metadata.labels?.[NUMBER_LABEL]));
      if (type === 'DELETED') {
        if (!this.#objects.delete(name)) {
          this.problems.push(`${name}: unknown`);
        }
      } else {
        const isThere = this.#objects.get(name)?.uid === uid;
        if (isThere !== (type === 'MODIFIED')) {
          this.problems.push(`${name}: ${type} in the wrong place`);
        }
        this.#objects.set(name, { uid, version: resourceVersion });
      }
    }
  }
}

/** Reads rows as a browser does: pages after each `RESET`, then what changes. */
export class RowReader extends Reader {
  readonly #rows = new Map<string, Known>();

  told() {
    return keysOf(this.#rows);
  }

  protected async read() {
    const { signal } = this.abort;
    let isFirst = true;
    for await (const change of this.cache.watchRows(ROWS, { signal })) {
      if (isFirst && change.type !== 'RESET') {
        this.problems.push(`Rows begin with ${change.type}`);
      }
      isFirst = false;
      if (!('row' in change)) {
        this.types.push(change.type);
        if (change.type === 'RESET') await this.#readPages();
        continue;
      }
      const { name, uid, resourceVersion: version, cells } = change.row;
      this.check({ name, uid }, Number(cells[0]));
      const known = this.#rows.get(name);
      if (change.type === 'DELETED') {
        if (known?.uid === uid) this.#rows.delete(name);
      } else if (!known || BigInt(version) >= BigInt(known.version)) {
        // A page may be newer than changes that were on their way.
        this.#rows.set(name, { uid, version });
      }
    }
  }

  async #readPages() {
    this.reset();
    this.#rows.clear();
    for (const { name, uid, resourceVersion: version } of (
      await readTable(this.cache, this.abort)
    ).rows) {
      this.#rows.set(name, { uid, version });
    }
  }
}

/** Reads tables again and again, and checks that what is called live is true, and what is called stale was true then. */
export class TableReader extends Reader {
  #lists = 0;

  told() {
    return undefined;
  }

  protected async read() {
    const lists = await this.countLists();
    const askedAt = Date.now();
    const { rows, cache } = await readTable(this.cache, this.abort);
    if (this.types.at(-1) !== cache.state) this.types.push(cache.state);
    // Only between two complete lists can numbers be compared.
    if (lists !== this.#lists || lists !== (await this.countLists())) {
      this.reset();
      this.#lists = lists;
    }
    const numbers = new Map<string, number>();
    for (const row of rows) {
      const number = Number(row.cells[0]);
      this.check(row, number);
      numbers.set(row.name, number);
    }
    this.checkTrue(numbers, cache, askedAt);
    await sleep(SAMPLE_MS);
  }
}

/** All rows, page by page, and how fresh the last page was. */
export async function readTable(
  cache: ResourceCache,
  { signal }: { signal: AbortSignal },
): Promise<{
  rows: ReturnType<typeof unpackRows>;
  cache: TableResult['cache'];
}> {
  const rows: ReturnType<typeof unpackRows> = [];
  let after: SortKey | undefined;
  for (;;) {
    const page = await cache.table(
      { ...ROWS, sort: 'name', limit: PAGE, after },
      { signal },
    );
    if (!page) throw new Error('No version was asked for');
    rows.push(...unpackRows(page.rows));
    after = sortKeysOf(page.rows).at(-1);
    if (!page.hasMore || !after) return { rows, cache: page.cache };
  }
}

const keysOf = (objects: ReadonlyMap<string, Known>) =>
  [...objects.values()].map(({ uid, version }) => `${uid}@${version}`).sort();
