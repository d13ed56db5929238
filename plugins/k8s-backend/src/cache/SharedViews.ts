/**
 * One reading of each view for all who ask for it with the same rights: the rights are in the query, as filters of its parts. What
 * a reader costs is to be told; making the rows is paid for once.
 */
import type {
  ViewChange,
  ViewQuery,
  ViewResult,
} from '@backstage-k8s/plugin-k8s-node';
import type { ResourceCache } from './ResourceCache';
import { SharedView } from './SharedView';
import { ViewFollower } from './ViewFollower';

// A page that is opened again, or polled, finds its view as it was left.
const LINGER_MS = 30_000;
// More than this that nobody reads any more are ended at once, the oldest first.
const MAX_LINGERING = 200;

/** The views that are read at the moment. */
export class SharedViews {
  readonly #cache: Pick<ResourceCache, 'watchView'>;
  readonly #lingerMs: number;
  readonly #views = new Map<string, SharedView>();
  /** Without readers, the one that was left first before the others. */
  readonly #left = new Set<SharedView>();

  constructor(options: {
    cache: Pick<ResourceCache, 'watchView'>;
    lingerMs?: number;
  }) {
    this.#cache = options.cache;
    this.#lingerMs = options.lingerMs ?? LINGER_MS;
  }

  /** See `ResourceReader.view`. */
  async read(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): Promise<ViewResult> {
    const view = this.#view(query);
    const leave = view.enter();
    try {
      await view.settled(signal);
      return view.result();
    } finally {
      leave();
    }
  }

  /** See `ResourceReader.watchView`. */
  async *watch(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ViewChange> {
    if (signal.aborted) return;
    const view = this.#view(query);
    const leave = view.enter();
    const follower = new ViewFollower();
    const stop = view.follow(follower);
    const wake = () => follower.wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        yield* follower.take();
        if (signal.aborted) return;
        if (view.end) throw view.end;
        await follower.heard();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      stop();
      leave();
    }
  }

  /** Something was written in a cluster: who reads next is to see it. */
  written(cluster: string) {
    for (const view of this.#views.values()) {
      if (view.cluster === cluster) view.written();
    }
  }

  get size(): number {
    return this.#views.size;
  }

  #view(query: ViewQuery): SharedView {
    const key = JSON.stringify(query);
    const known = this.#views.get(key);
    if (known) return known;
    const view = new SharedView({
      cluster: query.cluster,
      updates: signal => this.#cache.watchView(query, { signal }),
      lingerMs: this.#lingerMs,
      onEntered: () => this.#left.delete(view),
      onLeft: () => {
        this.#left.add(view);
        const [oldest] = this.#left;
        if (this.#left.size > MAX_LINGERING) oldest.close();
      },
      onEnd: () => {
        this.#left.delete(view);
        if (this.#views.get(key) === view) this.#views.delete(key);
      },
    });
    this.#views.set(key, view);
    return view;
  }
}
