import type {
  ColumnSource,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceQuery,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import { checkCount } from '../resources/checkCount';
import { matcherOf } from '../resources/matcherOf';
import { compareVersions } from '../resources/resourceVersion';
import type { KeptKind } from './memory/KeptKind';
import type { PageMemory } from './PageMemory';
import type { Row } from './Row';
import { versionOf } from './RowStore';
import type { RowStore } from './RowStore';
import { selectPage } from './selectPage';

/** What is known of a kind, for who asks. */
export interface KnownKind {
  kept: KeptKind;
  pages: PageMemory;
  store(): RowStore;
  /** What is known, is known up to this version; undefined before the first list. */
  version(): string | undefined;
  /** Has rows show these columns from now on; answers whether there are rows that do. */
  showColumns(columns: readonly ColumnSource[]): boolean;
}

/** Answers questions about one kind in one cluster from what is kept of it, and notes that somebody has asked. */
export class KindAnswers {
  readonly #kind: KnownKind;

  constructor(kind: KnownKind) {
    this.#kind = kind;
  }

  /** Undefined also when it is there and only its row is kept. */
  get(
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined {
    this.#kind.kept.touch();
    const row = this.#store.get(namespace, name);
    return row && this.#objectsOf([row])?.[0];
  }

  /** The version of an object that is known; undefined: it is not there. */
  versionOf(namespace: string | undefined, name: string): string | undefined {
    const row = this.#store.get(namespace, name);
    return row && versionOf(row);
  }

  /** Whether everything up to this version is known. */
  hasReached(wanted: string): boolean {
    const version = this.#kind.version();
    return version !== undefined && compareVersions(version, wanted) >= 0;
  }

  /**
   * The objects of a query, and the version that they are known up to; undefined: not all of them are kept.
   *
   * @throws ContentTooLargeError, InputError
   */
  list(
    query: ResourceQuery,
  ): { items: KubernetesObject[]; resourceVersion: string } | undefined {
    const { kept } = this.#kind;
    kept.touch();
    if (kept.keeps === 'nothing') return undefined;
    const rows = [...this.#store.select(query)].filter(matcherOf(query));
    checkCount(query, rows.length);
    const items = this.#objectsOf(rows);
    return items && { items, resourceVersion: this.#kind.version() ?? '' };
  }

  /** One page of rows; undefined: they are not kept. @throws InputError */
  table(query: TableQuery): Omit<TableResult, 'cache'> | undefined {
    const { kept, pages } = this.#kind;
    // Who looks through everything that is there is no reader of this kind.
    if (!query.find?.onlyCached) kept.touch();
    if (kept.keeps === 'nothing') return undefined;
    if (!this.#kind.showColumns(query.columns)) return undefined;
    const store = this.#store;
    const select = () => selectPage(store.select(query), query);
    // What somebody types is asked for once; it must not take the place of lists that many look at.
    return query.find ? select() : pages.page(store, query, select);
  }

  /** The object of a row that somebody follows. @throws ServiceUnavailableError when it was let go of meanwhile */
  objectOf(row: Row): KubernetesObject {
    const { kept } = this.#kind;
    kept.touchObjects();
    if (!row.body.isKept) throw kept.error();
    return this.#store.objectOf(row);
  }

  /** Undefined: not all of them are kept. */
  #objectsOf(rows: readonly Row[]): KubernetesObject[] | undefined {
    const { kept } = this.#kind;
    kept.touchObjects();
    if (rows.every(({ body }) => body.isKept)) {
      return rows.map(row => this.#store.objectOf(row));
    }
    kept.regainObjects({ isUrgent: false });
    return undefined;
  }

  get #store(): RowStore {
    return this.#kind.store();
  }
}
