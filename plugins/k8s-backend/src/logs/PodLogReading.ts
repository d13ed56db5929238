/**
 * The logs of one request while they are read. The pods that are named, or that the selector finds, are read at once; with a
 * selector and `follow` the pods that come, and containers that are started again, are added as they appear.
 */
import { isError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { plainMessage } from '../errors/clusterErrors';
import { listWhole } from '../resources/listWhole';
import { objectPath } from '../resources/resourcePath';
import { LogQueue } from './LogQueue';
import { logSourceOf } from './logSources';
import type { LogSource } from './logSources';
import { LogSplitter } from './LogSplitter';
import { LogTextSplitter } from './LogTextSplitter';
import type { LogEnd, LogEvent, LogLine, LogsQuery } from './PodLogs';

/** Pods that are read at once. */
export const MAX_PODS = 20;
/** Bytes of one container that are read for one request. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Milliseconds that nothing has to be written in a log that is followed; a cluster that is away is noticed otherwise. */
const FOLLOW_IDLE_MS = 12 * 60 * 60_000;

const PODS = { group: '', version: 'v1', plural: 'pods' };

/** Reads the logs of one request. */
export class PodLogReading {
  readonly #query: LogsQuery;
  readonly #connection: ClusterConnection;
  readonly #reader: ResourceReader;
  readonly #context: RequestContext;
  readonly #queue = new LogQueue();
  /** Keys of what is or was read, or left out. */
  readonly #known = new Set<string>();
  /** Pods that were told to be left out. */
  readonly #omitted = new Set<string>();
  /** What is asked for or read. */
  #open: LogSource[] = [];
  readonly #needle: string | undefined;
  readonly #enter: () => () => void;
  #hasBegun = false;
  #isWatching = false;

  constructor(
    query: LogsQuery,
    options: {
      connection: ClusterConnection;
      reader: ResourceReader;
      /** Its signal ends everything. */
      context: RequestContext;
      /** Counts a log that is read; returns how to count it off. @throws TooManyRequestsError */
      enter: () => () => void;
    },
  ) {
    this.#query = query;
    this.#connection = options.connection;
    this.#reader = options.reader;
    this.#context = options.context;
    this.#enter = options.enter;
    this.#needle = query.search?.toLowerCase();
    // Whoever waits for room goes on, even if nobody ever began to read.
    const { signal } = this.#context;
    signal.addEventListener('abort', () => this.#queue.end(), { once: true });
  }

  /**
   * Resolves when each of the logs has begun or failed.
   *
   * @throws the first failure when all have failed, and what looking for the pods throws
   */
  async begin(): Promise<void> {
    const { cluster, namespace, labelSelector, follow } = this.#query;
    const pods = this.#query.pods
      ? await this.#named(this.#query.pods)
      : (
          await listWhole(
            this.#reader,
            { ...PODS, cluster, namespace, labelSelector },
            { context: this.#context },
          )
        ).items;
    const sources = this.#newSourcesOf(pods);
    const chosen = sources.slice(0, MAX_PODS);
    const left = sources.slice(MAX_PODS);
    left.forEach(({ pod }) => this.#omitted.add(pod));
    this.#add({
      type: 'pods',
      pods: chosen.map(({ pod, container }) => ({ pod, container })),
      omitted: left.length,
    });
    const starts = await Promise.allSettled(
      chosen.map(source => this.#start(source)),
    );
    const failures = starts.flatMap(start =>
      start.status === 'rejected' ? [start.reason] : [],
    );
    if (failures.length > 0 && failures.length === chosen.length) {
      throw failures[0];
    }
    starts.forEach((start, index) => {
      if (start.status === 'rejected') this.#fail(chosen[index], start.reason);
    });
    if (labelSelector && follow) this.#watch();
    this.#hasBegun = true;
    this.#endWhenDone();
  }

  /** What is read, until the end or the signal. */
  events(signal: AbortSignal): AsyncGenerator<LogEvent> {
    return this.#queue.events(signal);
  }

  end(reason: LogEnd, message?: string): void {
    this.#queue.end({ type: 'end', reason, ...(message && { message }) });
  }

  /** @throws NotFoundError when none of them exists */
  async #named(names: readonly string[]): Promise<KubernetesObject[]> {
    const { cluster, namespace } = this.#query;
    const found = await Promise.allSettled(
      names.map(name =>
        this.#reader.get(
          { ...PODS, cluster, namespace, name },
          { context: this.#context },
        ),
      ),
    );
    const failures = found.flatMap((each, index) =>
      each.status === 'rejected'
        ? [{ pod: names[index], error: each.reason }]
        : [],
    );
    if (failures.length === names.length) throw failures[0].error;
    for (const { pod, error } of failures) this.#fail({ pod }, error);
    return found.flatMap(each =>
      each.status === 'fulfilled' ? [each.value.object] : [],
    );
  }

  /** What of the pods is to be read, each once; a selector's pods that have not begun yet are left for later. */
  #newSourcesOf(pods: readonly KubernetesObject[]): LogSource[] {
    const { container, labelSelector, previous } = this.#query;
    return pods.flatMap(pod => {
      const source = logSourceOf(pod, container);
      if (!source || this.#known.has(source.key)) return [];
      if (labelSelector && !source.isStarted && !previous) return [];
      this.#known.add(source.key);
      return [source];
    });
  }

  /** Resolves when the API server has begun to answer. */
  async #start(source: LogSource, isLater = false): Promise<void> {
    const { cluster, namespace, follow, previous, sinceSeconds, tailLines } =
      this.#query;
    const { pod: name, container } = source;
    const path = objectPath({ ...PODS, cluster, namespace, name });
    const leave = this.#enter();
    this.#open.push(source);
    try {
      const answer = await this.#connection.request({
        path: `${path}/log`,
        query: {
          container,
          timestamps: true,
          ...(follow && { follow }),
          ...(previous && { previous }),
          // What was started just now is read from its beginning.
          ...(!isLater && { sinceSeconds, tailLines }),
        },
        accept: '*/*',
        use: 'lasting',
        signal: this.#context.signal,
      });
      const idleTimeoutMs = follow ? FOLLOW_IDLE_MS : undefined;
      this.#read(source, answer.body({ idleTimeoutMs }))
        .then(
          () => this.#close(source),
          error => this.#fail(source, error),
        )
        .finally(leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  #read(source: LogSource, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const { pod, container } = source;
    if (this.#query.asText && this.#needle === undefined) {
      return this.#split(pieces, new LogTextSplitter(), bytes =>
        bytes.length === 0
          ? undefined
          : { type: 'text', pod, container, bytes },
      );
    }
    return this.#split(pieces, new LogSplitter(), all => {
      const lines = this.#wanted(all);
      if (lines.length === 0) return undefined;
      return { type: 'lines', pod, container, lines };
    });
  }

  async #split<Part>(
    pieces: AsyncIterable<Uint8Array>,
    splitter: { push(piece: Uint8Array): Part; end(): Part },
    eventOf: (part: Part) => LogEvent | undefined,
  ): Promise<void> {
    const pass = async (part: Part) => {
      const event = eventOf(part);
      if (event) await this.#queue.add(event);
    };
    const { maxBytes = MAX_BYTES } = this.#query;
    let size = 0;
    for await (const piece of pieces) {
      await pass(splitter.push(piece));
      size += piece.length;
      if (size > maxBytes) {
        this.end('limit');
        return;
      }
    }
    await pass(splitter.end());
  }

  #wanted(lines: LogLine[]): LogLine[] {
    const needle = this.#needle;
    return needle === undefined
      ? lines
      : lines.filter(({ text }) => text.toLowerCase().includes(needle));
  }

  /** Reads what comes, until the signal. */
  #watch() {
    const { cluster, namespace, labelSelector } = this.#query;
    const changes = this.#reader.watch(
      { ...PODS, cluster, namespace, labelSelector },
      { context: this.#context },
    );
    const watch = async () => {
      for await (const change of changes) {
        if (change.type !== 'ADDED' && change.type !== 'MODIFIED') continue;
        for (const source of this.#newSourcesOf([change.object])) {
          this.#startLater(source);
        }
      }
    };
    this.#isWatching = true;
    watch().then(
      () => this.#endWatching(),
      error => this.#endWatching(error),
    );
  }

  #startLater(source: LogSource) {
    const { pod, container } = source;
    if (this.#open.length >= MAX_PODS) {
      // Another start of a pod that is left out is not another pod.
      if (this.#omitted.has(pod)) return;
      this.#omitted.add(pod);
      this.#add({ type: 'pods', pods: [], omitted: 1 });
      return;
    }
    this.#add({ type: 'pods', pods: [{ pod, container }], omitted: 0 });
    this.#start(source, true).catch(error => this.#fail(source, error));
  }

  #endWatching(error?: unknown) {
    this.#isWatching = false;
    if (isError(error) && !this.#context.signal.aborted) {
      this.end('failed', plainMessage(error.message));
    }
    this.#endWhenDone();
  }

  #close(source: LogSource) {
    const { pod, container } = source;
    this.#open = this.#open.filter(each => each !== source);
    this.#add({ type: 'end', pod, container, reason: 'ended' });
    this.#endWhenDone();
  }

  #fail(source: { pod: string; container?: string }, error: unknown) {
    this.#open = this.#open.filter(each => each !== source);
    if (this.#context.signal.aborted) return;
    const { pod, container } = source;
    const message = isError(error) ? plainMessage(error.message) : undefined;
    this.#add({ type: 'end', pod, container, reason: 'failed', message });
    this.#endWhenDone();
  }

  #endWhenDone() {
    const isDone = this.#open.length === 0 && !this.#isWatching;
    if (this.#hasBegun && isDone) this.end('ended');
  }

  /** For what is small and rare, so that nobody has to wait for room. */
  #add(event: LogEvent) {
    this.#queue.add(event).catch(() => undefined);
  }
}
