import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import type { ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import { groupOfPath } from '../discovery/groupOfPath';
import type { KindDirectory } from '../discovery/KindDirectory';
import { Bell } from '../live/Bell';
import { COALESCE_MS } from '../live/watchTogether';
import { rowKey } from '../streams/rowKey';
import type {
  Subscription,
  TopicEvent,
  TopicSource,
} from '../streams/TopicSource';

/** What a reader is to be told next. */
class GatheredRows {
  #reset = false;
  #cache: CacheState | undefined;
  /** By key; undefined: gone. */
  #rows = new Map<string, ResourceRow | undefined>();

  constructor(private readonly cluster: string) {}

  add(type: 'UPSERTED' | 'DELETED', row: ResourceRow) {
    this.#rows.set(
      rowKey('resources', row),
      type === 'UPSERTED' ? row : undefined,
    );
  }

  state(type: 'RESET' | 'STALE' | 'LIVE', cache: CacheState) {
    this.#cache = cache;
    if (type !== 'RESET') return;
    this.#reset = true;
    this.#rows.clear();
  }

  *take(): Iterable<TopicEvent> {
    if (this.#reset) yield { type: 'reset' };
    const rows = [...this.#rows];
    if (rows.length > 0 || this.#cache) {
      yield {
        type: 'changes',
        upserted: rows.flatMap(([, row]) => row ?? []),
        deleted: rows.flatMap(([key, row]) => (row ? [] : [key])),
        cluster: this.cluster,
        ...(this.#cache && { cache: this.#cache }),
      };
    }
    this.#reset = false;
    this.#cache = undefined;
    this.#rows = new Map();
  }
}

/**
 * The rows of any kind in one cluster as they change. Unlike other topics it does not tell all rows at first: its reader has
 * pages, and reads them (again) at each `reset`.
 */
export class TableTopic implements TopicSource {
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

  async *open(
    subscription: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
    const { cluster, group, plural, namespace, labelSelector, name } =
      subscription;
    if (cluster === undefined || group === undefined || plural === undefined) {
      throw new InputError(
        'A subscription to resources needs cluster, group and plural',
      );
    }
    const { id } = await this.#clusters.get(cluster, context);
    const kind = await this.#kinds.find(
      id,
      { group: groupOfPath(group), plural },
      context,
    );
    const own = new AbortController();
    const signal = AbortSignal.any([context.signal, own.signal]);
    const changes = this.#resources.watchRows(
      {
        cluster,
        group: kind.group,
        version: kind.version,
        plural,
        columns: kind.columns,
        namespace,
        labelSelector,
        ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
      },
      { context: { ...context, signal } },
    );
    const gathered = new GatheredRows(cluster);
    const bell = new Bell();
    let end: { error?: unknown } | undefined;
    const pump = async () => {
      for await (const change of changes) {
        if ('row' in change) gathered.add(change.type, change.row);
        else gathered.state(change.type, change.cache);
        bell.ring();
      }
    };
    const pumped = pump()
      .then(
        () => {
          end = {};
        },
        error => {
          end = { error };
        },
      )
      .finally(() => bell.ring());
    const onAbort = () => bell.ring();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        await bell.heard();
        if (!end) {
          await sleep(COALESCE_MS, undefined, { signal }).catch(
            () => undefined,
          );
        }
        if (signal.aborted) return;
        yield* gathered.take();
        if (end?.error) throw end.error;
        if (end) return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      own.abort();
      await pumped;
    }
  }
}
