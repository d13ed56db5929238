import { InputError, NotFoundError } from '@backstage/errors';
import type {
  KindDescription,
  ResourceRow,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import { groupOfPath } from '../discovery/groupOfPath';
import type { KindDirectory } from '../discovery/KindDirectory';
import { Bell } from '../live/Bell';
import { pause } from '../streams/pause';
import { rowKey } from '../streams/rowKey';
import type {
  Subscription,
  TopicEvent,
  TopicSource,
} from '../streams/TopicSource';

/** How long changes are gathered: short enough for people, long enough for the burst that one change sets off. */
const COALESCE_MS = 150;

/** What a reader is to be told next. */
class GatheredRows {
  #reset = false;
  #cache: CacheState | undefined;
  /** By key; undefined: gone. */
  #rows = new Map<string, ResourceRow | undefined>();
  #isStale = false;

  constructor(
    private readonly cluster: string,
    private readonly kind: Pick<KindDescription, 'verbs'>,
  ) {}

  /** Whether the reader is to read everything again. */
  get hasReset(): boolean {
    return this.#reset;
  }

  /** Whether the kind may be gone, or have come back as another one. */
  get mayBeAnother(): boolean {
    // Rows of a kind without a watch stand still whatever the cluster has.
    return this.#reset || (this.#isStale && this.kind.verbs.includes('watch'));
  }

  add(type: 'UPSERTED' | 'DELETED', row: ResourceRow) {
    this.#rows.set(
      rowKey('resources', row),
      type === 'UPSERTED' ? row : undefined,
    );
  }

  state(type: 'RESET' | 'STALE' | 'LIVE', cache: CacheState) {
    this.#cache = cache;
    this.#isStale = cache.state === 'stale';
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

/** Milliseconds between two looks for a kind that the cluster does not have (at first) or that may be another one by now. */
const LOOK_AGAIN_MS = 3_000;
/** Milliseconds; the longest time between two looks for a kind that the cluster does not have. */
const LONGEST_LOOK_MS = 12_000;

/** A subscription that names a kind. */
type KindSubscription = Subscription & {
  cluster: string;
  group: string;
  plural: string;
};

/**
 * The rows of any kind in one cluster as they change. Unlike other topics it does not tell all rows at first: its reader has
 * pages, and reads them (again) at each `reset`.
 *
 * A custom resource's kind may be removed, and made again as another one, while its reader waits. A `reset` is told only when
 * the cluster is known to have the kind, so that reading again finds it; a kind that is not there is waited for.
 */
export class TableTopic implements TopicSource {
  readonly #resources: ResourceReader;
  readonly #kinds: KindDirectory;
  readonly #clusters: VisibleClusters;
  readonly #lookAgainMs: number;

  constructor(options: {
    resources: ResourceReader;
    kinds: KindDirectory;
    clusters: VisibleClusters;
    /** Between two looks at kinds. */
    lookAgainMs?: number;
  }) {
    this.#resources = options.resources;
    this.#kinds = options.kinds;
    this.#clusters = options.clusters;
    this.#lookAgainMs = options.lookAgainMs ?? LOOK_AGAIN_MS;
  }

  async *open(
    subscription: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
    const { signal } = context;
    if (!namesKind(subscription)) {
      throw new InputError(
        'A subscription to resources needs cluster, group and plural',
      );
    }
    const { id } = await this.#clusters.get(subscription.cluster, context);
    const find = () => this.#find(id, { subscription, context });
    while (!signal.aborted) {
      let kind = await find();
      // Its reader reads, and is told that there is none.
      if (!kind) yield { type: 'reset' };
      for (let looks = 0; !kind && !signal.aborted; looks += 1) {
        const waitMs = this.#lookAgainMs * 2 ** looks;
        await pause(Math.min(waitMs, LONGEST_LOOK_MS), signal);
        kind = await find();
      }
      if (!kind) return;
      const follow = { kind, find, context };
      if ((yield* this.#follow(subscription, follow)) === 'ended') return;
    }
  }

  /** The kind as the cluster has it; undefined: it has none. */
  async #find(
    cluster: string,
    options: { subscription: KindSubscription; context: RequestContext },
  ): Promise<KindDescription | undefined> {
    const { group, plural } = options.subscription;
    const type = { group: groupOfPath(group), plural };
    try {
      return await this.#kinds.find(cluster, type, options.context);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Tells of the rows of one kind, until there are no more changes or the cluster has it in another version. */
  async *#follow(
    subscription: KindSubscription,
    options: {
      kind: KindDescription;
      find: () => Promise<KindDescription | undefined>;
      context: RequestContext;
    },
  ): AsyncGenerator<TopicEvent, 'ended' | 'another'> {
    const { kind, find, context } = options;
    const { cluster, plural, namespace, labelSelector, name } = subscription;
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
    const gathered = new GatheredRows(cluster, kind);
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
    const looking = setInterval(() => {
      if (gathered.mayBeAnother) bell.ring();
    }, this.#lookAgainMs);
    try {
      while (!signal.aborted) {
        await bell.heard();
        if (!end) await pause(COALESCE_MS, signal);
        if (signal.aborted) return 'ended';
        // Of a cluster that does not answer nothing better is known.
        const now = gathered.mayBeAnother
          ? await find().catch(() => kind)
          : kind;
        if (now && now.version !== kind.version) return 'another';
        if (now || !gathered.hasReset || end) yield* gathered.take();
        if (end?.error) throw end.error;
        if (end) return 'ended';
      }
      return 'ended';
    } finally {
      clearInterval(looking);
      signal.removeEventListener('abort', onAbort);
      own.abort();
      await pumped;
    }
  }
}

function namesKind(
  subscription: Subscription,
): subscription is KindSubscription {
  const { cluster, group, plural } = subscription;
  return [cluster, group, plural].every(one => one !== undefined);
}
