/**
 * Keeps up with one kind in one cluster: a list in pages, then a watch from the list's version, for ever.
 *
 * What goes wrong, and what is done about it:
 * - A watch ends in good order, or breaks, or goes silent: it is opened again from the last version, so nothing is lost. After
 *   silence the cluster's version is looked at first: a watch from a version of the future is silent too. Bookmarks come too
 *   seldom to tell a quiet watch from a dead one in time, so of a quiet one another, short watch asks whether it should have spoken.
 * - That fails at once as well, or the cluster is away by then: whatever happened to the API server takes long enough for an etcd to be restored and to catch up
 *   with our version, so when the cluster answers again the list is read again.
 * - 410, garbage, versions that go backwards: the list is read again, once, after a moment of chance.
 * - 429: left alone as long as the API server asks for, whatever else happens meanwhile. 5xx: longer each time.
 * - The kind does not exist or may not be read: tried again, longer each time, since an API server that starts may say so of
 *   what it is about to serve; other kinds do not notice.
 * A list that is read again replaces everything, and the sink is told so: numbers may go back there, and only there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { trimObject } from '../resources/redactObject';
import { kindPath } from '../resources/resourcePath';
import {
  compareVersions,
  isOrderedVersion,
} from '../resources/resourceVersion';
import type { CacheTimings } from './CacheTimings';
import { jittered } from './CacheTimings';
import { createBreather } from './createBreather';
import { LineSplitter } from './LineSplitter';
import { parseJson } from './ListSplitter';
import type { ListSlot } from './ListSlots';
import { BackwardsError, readFailureOf, SilenceError } from './readFailure';
import type { ReadFailure } from './readFailure';
import { readList } from './readList';
import { readWatchEvent } from './readWatchEvent';

/** Who wrote an object, which the object that is kept does not say any more. */
type Writers = readonly ManagedFieldsEntry[] | undefined;

/** Where what is read goes. */
export interface ListWatchSink {
  /** A list begins; `listed` follows for each object, then `synced`, or another `listing` when the list had to begin again. */
  listing(): void;
  listed(object: KubernetesObject, writers?: Writers): void;
  /** The list is complete: it is all there is. */
  synced(version: string): void;
  changed(object: KubernetesObject, writers?: Writers): void;
  deleted(object: KubernetesObject): void;
  /** Everything up to this version is known. */
  reached(version: string): void;
  /** Whether the object is known in this version or a later one, or is known to be gone. */
  knows(object: KubernetesObject): boolean;
  /** A watch is open: what is known is true from now on. */
  watching(): void;
  failed(failure: ReadFailure): void;
}

/** What a reader needs from its surroundings. */
export interface ListWatchOptions {
  kind: ResourceKind;
  connect: () => Promise<ClusterConnection>;
  /** Waits until the cluster answers; answers whether it was away. */
  reachable: (signal: AbortSignal) => Promise<boolean>;
  slot: (signal: AbortSignal) => Promise<ListSlot>;
  sink: ListWatchSink;
  timings: CacheTimings;
  signal: AbortSignal;
}

// A server that ends watches faster than this is not asked again at once.
const SHORT_WATCH_MS = 1_000;
// What a watch has missed comes at once; the shortest that API servers know is enough.
const CHECK_SECONDS = 1;
const CHECK_TIMEOUT_MS = 5_000;
// What another watch was told may still be on its way in this one.
const ON_ITS_WAY_MS = 1_000;
// A header that says more is taken for a mistake.
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** Reads one kind of one cluster until its signal is aborted. */
export class ListWatch {
  readonly #options: ListWatchOptions;
  /** Undefined: a list is needed. */
  #version: string | undefined;
  /** Since something was last read that was not an error. */
  #failures = 0;
  /** Whether the watch was answered at all. */
  #isOpen = false;
  #splitter = new LineSplitter();
  #lineSince = 0;
  /** ms since 1970; when the open watch last said something. */
  #heardAt = 0;
  /** ms since 1970; the API server asked to be left alone until then. */
  #leftAloneUntil = 0;
  #rewatch = new AbortController();

  constructor(options: ListWatchOptions) {
    this.#options = options;
  }

  /** How long the line that arrives at the moment has been arriving; 0 when none is. */
  lineMs(): number {
    return this.#splitter.pendingBytes === 0 ? 0 : Date.now() - this.#lineSince;
  }

  /** The cluster was away: opens the watch anew; with `relist`, or when no watch was open, reads the list again. */
  renew(options: { relist: boolean }) {
    if (options.relist || !this.#isOpen) this.#version = undefined;
    this.#rewatch.abort();
  }

  /** Reads until the signal is aborted; never fails. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        this.#rewatch = new AbortController();
        this.#isOpen = false;
        await this.#leaveAlone();
        if (this.#version === undefined) await this.#list();
        await this.#watch();
      } catch (error) {
        if (signal.aborted) return;
        if (this.#rewatch.signal.aborted) continue;
        await this.#recover(readFailureOf(error)).catch(() => undefined);
      }
    }
  }

  async #list() {
    const { kind, sink, signal } = this.#options;
    await this.#options.reachable(signal);
    const slot = await this.#options.slot(signal);
    try {
      const connection = await this.#options.connect();
      signal.throwIfAborted();
      sink.listing();
      const version = await readList(connection, kind, {
        signal,
        onBytes: bytes => slot.received(bytes),
        onObject: object => {
          signal.throwIfAborted();
          const { managedFields } = object.metadata;
          sink.listed(trimObject(kind, object), managedFields);
        },
      });
      signal.throwIfAborted();
      sink.synced(version);
      this.#version = version;
    } finally {
      slot.release();
    }
  }

  async #watch() {
    const { kind, signal, sink, timings } = this.#options;
    const connection = await this.#options.connect();
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), timings.silenceMs).unref();
    const openedAt = Date.now();
    const ended = new AbortController();
    const stop = AbortSignal.any([
      signal,
      silence.signal,
      this.#rewatch.signal,
    ]);
    try {
      const response = await connection.request({
        path: kindPath(kind),
        query: {
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: this.#version,
          timeoutSeconds: Math.ceil(
            jittered(2 * timings.watchTimeoutMs) / 1000,
          ),
        },
        use: 'watches',
        signal: stop,
      });
      stop.throwIfAborted();
      this.#isOpen = true;
      this.#heardAt = Date.now();
      sink.watching();
      void this.#lookAfter(silence, AbortSignal.any([stop, ended.signal]));
      this.#splitter = new LineSplitter();
      const breathe = createBreather();
      // Our own timer is the one that counts: its end is not a fault of the connection.
      const body = response.body({ idleTimeoutMs: 2 * timings.silenceMs });
      for await (const chunk of body) {
        timer.refresh();
        this.#heardAt = Date.now();
        if (this.#splitter.pendingBytes === 0) this.#lineSince = Date.now();
        for (const line of this.#splitter.push(chunk)) {
          stop.throwIfAborted();
          this.#lineSince = Date.now();
          this.#take(parseJson(line));
          this.#failures = 0;
          await breathe();
        }
      }
      stop.throwIfAborted();
    } catch (error) {
      if (!silence.signal.aborted) throw error;
      throw new SilenceError('The watch has gone silent');
    } finally {
      clearTimeout(timer);
      ended.abort();
      this.#splitter = new LineSplitter();
      if (Date.now() - openedAt > SHORT_WATCH_MS) this.#failures = 0;
    }
    if (Date.now() - openedAt < SHORT_WATCH_MS) {
      await this.#pause(jittered(timings.firstPauseMs));
    }
  }

  #take(line: unknown) {
    const { kind, sink } = this.#options;
    const event = readWatchEvent(line);
    if (event.type === 'BOOKMARK') {
      this.#checkForward(event.version);
      this.#version = event.version;
      sink.reached(event.version);
      return;
    }
    const { managedFields } = event.object.metadata;
    const object = trimObject(kind, event.object);
    const version = object.metadata.resourceVersion ?? '';
    if (this.#isRepeated(version)) {
      // Known already, or the version is of a past that we never saw.
      if (sink.knows(object)) return;
      throw new BackwardsError('The versions of the cluster go backwards');
    }
    if (event.type === 'DELETED') sink.deleted(object);
    else sink.changed(object, managedFields);
    this.#version = version;
    sink.reached(version);
  }

  #isRepeated(version: string): boolean {
    const reached = this.#version ?? '';
    return (
      isOrderedVersion(version) &&
      isOrderedVersion(reached) &&
      compareVersions(version, reached) <= 0
    );
  }

  /** @throws BackwardsError when the cluster's version is older than ours */
  #checkForward(version: string) {
    if (compareVersions(version, this.#version ?? version) < 0) {
      throw new BackwardsError('The versions of the cluster go backwards');
    }
  }

  async #recover(failure: ReadFailure) {
    const { sink, signal, timings } = this.#options;
    this.#failures += 1;
    sink.failed(failure);
    switch (failure.type) {
      case 'gone':
      case 'garbage':
      case 'backwards':
        this.#version = undefined;
        // The first time only a moment of chance, so that not all readers list at once.
        await this.#pause(
          this.#failures === 1
            ? Math.random() * timings.jitterMs
            : this.#growingPauseMs(),
        );
        return;
      case 'silent':
        await this.#checkVersion();
        return;
      case 'refused':
        this.#version = undefined;
        await this.#pause(
          this.#growingPauseMs(
            failure.isAbsent ? timings.absentPauseMs : timings.refusedPauseMs,
          ),
        );
        return;
      default:
        // A watch that broke may be opened again; one that could not be opened needs a list.
        if (!this.#isOpen) this.#version = undefined;
        this.#isOpen = false;
        this.#noteRetryAfter(failure);
        await this.#pause(this.#growingPauseMs());
        if (await this.#options.reachable(signal)) this.#version = undefined;
    }
  }

  #growingPauseMs(longestMs = this.#options.timings.longestPauseMs): number {
    const { firstPauseMs } = this.#options.timings;
    const doubled = firstPauseMs * 2 ** Math.min(this.#failures - 1, 10);
    return jittered(Math.min(doubled, longestMs));
  }

  async #pause(timeMs: number) {
    const signal = AbortSignal.any([
      this.#options.signal,
      this.#rewatch.signal,
    ]);
    await sleep(timeMs, undefined, { signal, ref: false });
  }

  #noteRetryAfter({ retryAfterMs }: ReadFailure) {
    if (retryAfterMs === undefined) return;
    const asked = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
    // Many are told the same, and must not all come back at once.
    const chanceMs = Math.random() * this.#options.timings.jitterMs;
    this.#leftAloneUntil = Date.now() + asked + chanceMs;
  }

  /** Waits as long as the API server has asked for; that the cluster was away meanwhile is no reason to come earlier. */
  async #leaveAlone() {
    const timeMs = this.#leftAloneUntil - Date.now();
    if (timeMs <= 0) return;
    const { signal } = this.#options;
    await sleep(timeMs, undefined, { signal, ref: false });
  }

  /** As long as a watch is open: aborts `silence` when the API server tells another one what this one should have told. */
  async #lookAfter(silence: AbortController, signal: AbortSignal) {
    const { quietMs } = this.#options.timings;
    let askedAt = 0;
    try {
      while (!silence.signal.aborted) {
        const quietSince = Math.max(this.#heardAt, askedAt);
        // Some chance, so that not all kinds ask at once.
        const askAt = quietSince + quietMs * (0.75 + Math.random() / 4);
        const waitMs = Math.max(0, askAt - Date.now());
        await sleep(waitMs, undefined, { signal, ref: false });
        if (Math.max(this.#heardAt, askedAt) !== quietSince) continue;
        askedAt = Date.now();
        if (!(await this.#hasNews(signal).catch(() => false))) continue;
        await sleep(ON_ITS_WAY_MS, undefined, { signal, ref: false });
        if (this.#heardAt < askedAt) silence.abort();
      }
    } catch {
      // The watch has ended.
    }
  }

  /** Whether the API server has changes that the open watch has not brought. Fails when it does not tell. */
  async #hasNews(stop: AbortSignal): Promise<boolean> {
    const { kind } = this.#options;
    const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const signal = AbortSignal.any([stop, timeout]);
    const connection = await this.#options.connect();
    const response = await connection.request({
      path: kindPath(kind),
      query: {
        watch: true,
        resourceVersion: this.#version,
        timeoutSeconds: CHECK_SECONDS,
      },
      use: 'watches',
      signal,
    });
    const splitter = new LineSplitter();
    for await (const chunk of response.body()) {
      for (const line of splitter.push(chunk)) {
        return readWatchEvent(parseJson(line)).type !== 'BOOKMARK';
      }
    }
    return false;
  }

  /** After silence: a watch from a version that the cluster does not have yet would be silent for ever. */
  async #checkVersion() {
    const { kind, signal, sink } = this.#options;
    try {
      const connection = await this.#options.connect();
      const response = await connection.request({
        path: kindPath(kind),
        query: { limit: 1 },
        signal,
      });
      const list = await response.json<{
        metadata?: { resourceVersion?: string };
      }>();
      this.#checkForward(list.metadata?.resourceVersion ?? '');
    } catch (error) {
      this.#version = undefined;
      sink.failed(readFailureOf(error));
    }
  }
}
