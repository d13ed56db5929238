/**
 * The pages that were asked for last, as long as nothing has changed: many people look at the same tables, and finding and sorting
 * ten thousand rows takes milliseconds.
 */
import type { TableQuery, TableResult } from '@backstage-k8s/plugin-k8s-node';
import type { RowStore } from './RowStore';

type Page = Omit<TableResult, 'cache'>;

const MAX_PAGES = 8;
/** Larger ones are rare, and memory is not. */
const MAX_BYTES = 64 * 1024;

/** Pages of one kind in one cluster. */
export class PageMemory {
  readonly #pages = new Map<string, Page>();
  #store: RowStore | undefined;
  #revision = 0;

  get bytes(): number {
    let bytes = 0;
    for (const { rows } of this.#pages.values()) {
      bytes += rows.bytes.byteLength;
    }
    return bytes;
  }

  clear() {
    this.#pages.clear();
    this.#store = undefined;
  }

  /** The page of a query: known, or made and then known. Its bytes are the caller's, who may hand them over. */
  page(store: RowStore, query: TableQuery, make: () => Page): Page {
    if (store !== this.#store || store.revision !== this.#revision) {
      this.#pages.clear();
      this.#store = store;
      this.#revision = store.revision;
    }
    const key = JSON.stringify(query);
    const known = this.#pages.get(key);
    if (known) return copyOf(known);
    const made = make();
    if (made.rows.bytes.byteLength > MAX_BYTES) return made;
    this.#pages.set(key, made);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MAX_PAGES) this.#pages.delete(oldest);
    return copyOf(made);
  }
}

function copyOf(page: Page): Page {
  const { bytes, ends, keys } = page.rows;
  return {
    ...page,
    health: { ...page.health },
    rows: { bytes: bytes.slice(), ends: ends.slice(), keys },
  };
}
