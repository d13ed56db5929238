/** A cache in a worker thread: answers what the main thread asks. */
import type {
  ObjectReference,
  ResourceKind,
  ResourceQuery,
  RowQuery,
  TableQuery,
  TableResult,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import type { ClusterCalls } from '../../connection/CallCounter';
import type { ResourceCache } from '../ResourceCache';
import { inBatches } from './inBatches';
import { toPlainError } from './plainError';
import type { AskedCredentials } from './AskedCredentials';
import type { PushedClusters } from './PushedClusters';
import type {
  CallMethod,
  FromWorker,
  StreamMethod,
  ToWorker,
} from './protocol';

type Post = (message: FromWorker, transfer?: ArrayBuffer[]) => void;

/** What runs at the moment for the main thread. */
interface Running {
  abort: AbortController;
  /** Lets a stream send its next batch. */
  acknowledge?: () => void;
}

/** Answers the messages of the main thread. */
export class CacheHost {
  readonly #cache: ResourceCache;
  readonly #calls: () => ClusterCalls[];
  readonly #clusters: PushedClusters;
  readonly #credentials: AskedCredentials;
  readonly #post: Post;
  readonly #running = new Map<number, Running>();

  constructor(options: {
    cache: ResourceCache;
    /** Requests to API servers from here. */
    calls?: () => ClusterCalls[];
    clusters: PushedClusters;
    credentials: AskedCredentials;
    post: Post;
  }) {
    this.#cache = options.cache;
    this.#calls = options.calls ?? (() => []);
    this.#clusters = options.clusters;
    this.#credentials = options.credentials;
    this.#post = options.post;
  }

  /** Never throws; what fails is told to who asked. */
  handle(message: ToWorker) {
    switch (message.type) {
      case 'call':
        void this.#run(message.id, async signal => {
          const value = await this.#call(message, signal);
          this.#post(
            { type: 'result', id: message.id, value },
            buffersOf(message.method, value),
          );
        });
        break;
      case 'open':
        void this.#run(message.id, signal => this.#stream(message, signal));
        break;
      case 'acknowledge':
        this.#running.get(message.id)?.acknowledge?.();
        break;
      case 'abort':
        this.#running.get(message.id)?.abort.abort();
        break;
      case 'put':
        this.#cache.put(message.kind, message.object);
        break;
      case 'remove':
        this.#cache.remove(message.reference, message.uid);
        break;
      case 'cluster':
        this.#clusters.set(message.access);
        break;
      case 'credential':
      case 'credentialFailure':
        this.#credentials.take(message);
        break;
      default:
        this.#clusters.remove(message.cluster);
    }
  }

  async #run(
    id: number,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, { abort });
    try {
      await work(abort.signal);
    } catch (error) {
      this.#post({ type: 'failure', id, error: toPlainError(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #call(
    message: { method: CallMethod; subject?: unknown; minimumVersion?: string },
    signal: AbortSignal,
  ): Promise<unknown> {
    const { method, subject, minimumVersion } = message;
    const options = { signal, minimumVersion };
    switch (method) {
      case 'get':
        return this.#cache.get(subject as ObjectReference, options);
      case 'list':
        return this.#cache.list(subject as ResourceQuery, options);
      case 'table':
        return this.#cache.table(subject as TableQuery, options);
      case 'touch':
        return this.#cache.touch(subject as ResourceKind, options);
      case 'calls':
        return this.#calls();
      default:
        return this.#cache.kinds();
    }
  }

  async #stream(
    message: { id: number; method: StreamMethod; subject: unknown },
    signal: AbortSignal,
  ): Promise<void> {
    const { id, method, subject } = message;
    const changes = this.#changes(method, subject, signal);
    for await (const batch of inBatches(changes)) {
      if (signal.aborted) return;
      const acknowledged = this.#acknowledgement(id, signal);
      this.#post({ type: 'batch', id, changes: batch });
      await acknowledged;
    }
    this.#post({ type: 'end', id });
  }

  #changes(
    method: StreamMethod,
    subject: unknown,
    signal: AbortSignal,
  ): AsyncIterable<unknown> {
    switch (method) {
      case 'watch':
        return this.#cache.watch(subject as ResourceQuery, { signal });
      case 'watchRows':
        return this.#cache.watchRows(subject as RowQuery, { signal });
      default:
        return this.#cache.watchView(subject as ViewQuery, { signal });
    }
  }

  #acknowledgement(id: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const running = this.#running.get(id);
      if (!running || signal.aborted) {
        resolve();
        return;
      }
      const done = () => {
        signal.removeEventListener('abort', done);
        running.acknowledge = undefined;
        resolve();
      };
      running.acknowledge = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** What of an answer is handed over instead of copied. */
function buffersOf(method: CallMethod, value: unknown): ArrayBuffer[] {
  if (method !== 'table' || value === undefined) return [];
  const { rows } = value as TableResult;
  return [rows.bytes.buffer, rows.ends.buffer].filter(
    buffer => buffer instanceof ArrayBuffer,
  );
}
