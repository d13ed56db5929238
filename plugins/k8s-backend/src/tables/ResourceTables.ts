/** Pages of rows of any kind, of one cluster or merged from many. */
import type {
  ColumnSource,
  KindDescription,
  ResourceColumn,
} from '@backstage-k8s/plugin-k8s-common';
import { InputError, NotFoundError } from '@backstage/errors';
import { sortKeysOf } from '@backstage-k8s/plugin-k8s-node';
import type {
  RequestContext,
  ResourceReader,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import { smallest } from '../cache/smallest';
import { selectClusters } from '../access/selectClusters';
import type {
  RegisteredReference,
  VisibleClusters,
} from '../access/VisibleClusters';
import { publicColumn } from '../discovery/kindHandlers';
import type { KindDirectory } from '../discovery/KindDirectory';
import { PreparedJson } from '../router/PreparedJson';
import { compareKeys, Cursor } from '../views/cursor';
import { plainText } from '../views/plainText';
import { within } from '../workloads/within';
import { chooseColumns } from './chooseColumns';
import { jsonArrayOf, jsonArrayOfAll, placesOf } from './packedRows';

/** A kind as a path names it. */
export interface TableType {
  /** Empty: the core group. */
  group: string;
  plural: string;
  version?: string;
}

/** What of a table is wanted. */
export interface TableOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  search?: string;
  sort?: string;
  /** Ids of the columns whose cells are sent, with commas between them; absent: all. */
  columns?: string;
  limit: number;
  continue?: string;
  minimumVersion?: string;
}

/** A cluster that has not answered by then is told of as such, and does not hold up the others. */
const CLUSTER_WAIT_MS = 2_000;

/** What one cluster had to say. */
interface ClusterTable {
  cluster: RegisteredReference;
  columns: readonly ResourceColumn[];
  table?: TableResult;
  error?: string;
  /** What is wrong with the request, as far as this cluster can tell. */
  refusal?: InputError;
}

const NOTHING: TableResult = {
  rows: { bytes: new Uint8Array(), ends: new Uint32Array(), keys: '[]' },
  total: 0,
  health: {},
  hasMore: false,
  cache: { state: 'live' },
};

/** Reads tables. */
export class ResourceTables {
  readonly #resources: ResourceReader;
  readonly #kinds: KindDirectory;
  readonly #clusters: VisibleClusters;

  constructor(options: {
    resources: ResourceReader;
    kinds: KindDirectory;
    clusters: VisibleClusters;
  }) {
    this.#resources = options.resources;
    this.#kinds = options.kinds;
    this.#clusters = options.clusters;
  }

  /**
   * One page of a cluster: a `ResourceTable`.
   *
   * @throws NotFoundError when the cluster or kind does not exist or may not be seen, InputError
   */
  async ofCluster(
    cluster: string,
    options: { type: TableType; wanted: TableOptions; context: RequestContext },
  ): Promise<PreparedJson> {
    const { type, wanted, context } = options;
    const visible = await this.#clusters.get(cluster, context);
    const kind = await this.#kinds.find(visible.id, type, context);
    const cursor = new Cursor(queryOf(kind, wanted, cluster));
    const columns = chooseColumns(kind.columns, wanted.columns);
    const table = await this.#read(kind, {
      ...{ cluster, wanted, columns, context, cursor },
    });
    const last = table.hasMore ? sortKeysOf(table.rows).at(-1) : undefined;
    return answer({
      columns: columns.map(publicColumn),
      rows: jsonArrayOfAll(table.rows),
      rest: {
        total: table.total,
        health: table.health,
        ...(last && { continue: cursor.write(last) }),
        cache: table.cache,
      },
    });
  }

  /**
   * One page of many clusters: a `ResourceTableOfClusters`. Clusters that do not have the kind have no rows.
   *
   * @param options - `selector`: which clusters, by their labels, `name` and `id`
   * @throws InputError also when no cluster that has the kind can read the request
   */
  async ofClusters(options: {
    selector?: string;
    type: TableType;
    wanted: TableOptions;
    context: RequestContext;
  }): Promise<PreparedJson> {
    const { type, wanted, context } = options;
    const clusters = await selectClusters(this.#clusters, options);
    const cursor = new Cursor(queryOf(type, wanted, options.selector ?? null));
    // Read once before any cluster is asked: a bad one is the caller's mistake, not a cluster's.
    if (wanted.continue !== undefined) cursor.read(wanted.continue);
    const answers = await Promise.all(
      clusters.map(cluster =>
        this.#ask(cluster, { type, wanted, context, cursor }),
      ),
    );
    const refusal = answers.find(told => told.refusal)?.refusal;
    // One that has not answered might have been able to.
    const isForAll = answers.every(
      told => told.refusal || told.table === NOTHING,
    );
    if (refusal && isForAll) throw refusal;
    const direction = wanted.sort?.startsWith('-') ? -1 : 1;
    const candidates = answers.flatMap(({ table }) =>
      table ? placesOf(table.rows) : [],
    );
    const page = smallest(candidates, {
      count: wanted.limit,
      compare: (one, other) => direction * compareKeys(one.key, other.key),
    });
    const last = page[page.length - 1];
    const hasMore =
      candidates.length > page.length ||
      answers.some(({ table }) => table?.hasMore);
    return answer({
      columns: answers.find(({ columns }) => columns.length > 0)?.columns ?? [],
      rows: jsonArrayOf(page),
      rest: {
        total: answers.reduce((sum, { table }) => sum + (table?.total ?? 0), 0),
        ...(hasMore && last && { continue: cursor.write(last.key) }),
        clusters: answers.map(({ cluster, table, error }) => ({
          id: cluster.id,
          name: cluster.name,
          labels: cluster.labels,
          cache: table?.cache ?? { state: 'syncing', message: error },
        })),
        errors: answers.flatMap(({ cluster: { id, name }, error }) =>
          error === undefined ? [] : [{ cluster: { id, name }, error }],
        ),
      },
    });
  }

  async #ask(
    cluster: RegisteredReference,
    options: {
      type: TableType;
      wanted: TableOptions;
      context: RequestContext;
      cursor: Cursor;
    },
  ): Promise<ClusterTable> {
    const { type, context } = options;
    const work = async (): Promise<ClusterTable> => {
      const kind = await this.#kinds.find(cluster.id, type, context);
      const columns = chooseColumns(kind.columns, options.wanted.columns);
      const table = await this.#read(kind, {
        ...{ ...options, columns, cluster: cluster.id },
      });
      return { cluster, columns: columns.map(publicColumn), table };
    };
    try {
      const told = await within(work(), CLUSTER_WAIT_MS);
      return told ?? { cluster, columns: [], error: 'It has not answered yet' };
    } catch (error) {
      // A cluster without the kind has nothing of it.
      if (error instanceof NotFoundError) {
        return { cluster, columns: [], table: NOTHING };
      }
      const message = error instanceof Error ? error.message : '';
      return {
        ...{ cluster, columns: [], error: plainText(message) },
        ...(error instanceof InputError && { refusal: error }),
      };
    }
  }

  #read(
    kind: KindDescription,
    options: {
      cluster: string;
      wanted: TableOptions;
      /** Those whose cells are sent. */
      columns: readonly ColumnSource[];
      context: RequestContext;
      cursor: Cursor;
    },
  ): Promise<TableResult> {
    const { cluster, wanted, context, cursor } = options;
    const { minimumVersion, continue: place, ...query } = wanted;
    const { group, version, plural, columns } = kind;
    return this.#resources.table(
      {
        ...query,
        cluster,
        group,
        version,
        plural,
        columns,
        ...(options.columns !== columns && {
          cells: options.columns.map(({ id }) => id),
        }),
        ...(place !== undefined && { after: cursor.read(place) }),
      },
      { context, minimumVersion },
    );
  }
}

/** What makes a list this list and no other. */
function queryOf(
  { group, plural }: TableType,
  wanted: TableOptions,
  scope: string | null,
): unknown[] {
  const { namespace, labelSelector, fieldSelector, search, sort } = wanted;
  const selection = [namespace, labelSelector, fieldSelector, search, sort];
  return ['table', scope, group, plural, ...selection.map(one => one ?? null)];
}

function answer(parts: {
  columns: readonly ResourceColumn[];
  rows: (string | Uint8Array)[];
  rest: object;
}): PreparedJson {
  const { columns, rows, rest } = parts;
  return new PreparedJson([
    `{"columns":${JSON.stringify(columns)},"rows":`,
    ...rows,
    `,${JSON.stringify(rest).slice(1)}`,
  ]);
}
