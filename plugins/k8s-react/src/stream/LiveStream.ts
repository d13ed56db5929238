/**
 * One connection for all that a browser wants to be told of. When the set of subscriptions changes the connection is opened
 * again with the new set; when it is lost it is opened again after a growing, jittered wait. A stream has no memory: the
 * server begins each with `reset` and all rows, and after a loss observers are also told `reconnected`.
 */
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { StreamTopic } from '../api/K8sApi';
import { readServerSentEvents } from './readServerSentEvents';
import type { ServerSentEvent } from './readServerSentEvents';
import type { StreamEvent, StreamObserver, StreamState } from './StreamEvent';

type Subscription = Schema<'Subscription'>;

/** Opens the connection; ends it when `signal` is aborted. @throws when it is refused */
export type OpenStream = (
  subscriptions: Subscription[],
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array>>;

/** Milliseconds. Long enough for all parts of a page to have mounted. */
const REOPEN_DELAY_MS = 100;
/** Milliseconds of a loss that nobody is told of. */
const DOWN_AFTER_MS = 2_000;
/** Milliseconds of the first wait; each next one doubles, up to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Milliseconds after which a connection counts as having worked. */
const STABLE_MS = 10_000;
/** Milliseconds without a byte; the server says that it is there every 15 seconds. */
const SILENCE_MS = 45_000;

interface Entry {
  subscription: Subscription;
  observers: Set<StreamObserver>;
}

/** The one connection of a browser. */
export class LiveStream {
  readonly #open: OpenStream;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #state: StreamState = { state: 'idle' };
  #nextId = 1;
  #connection: AbortController | undefined;
  #reopenTimer: ReturnType<typeof setTimeout> | undefined;
  #downTimer: ReturnType<typeof setTimeout> | undefined;
  #lostAt: number | undefined;
  #failures = 0;

  constructor(open: OpenStream) {
    this.#open = open;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Calls the listener whenever {@link state} is another one; the answer stops that. */
  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(topic: StreamTopic, observer: StreamObserver): () => void {
    const { cluster, namespace, entity, group, plural, name } = topic;
    const key = JSON.stringify([
      ...[topic.topic, cluster, namespace, entity],
      ...[group, plural, name, topic.labelSelector, topic.involved],
    ]);
    let entry = this.#entries.get(key);
    if (!entry) {
      const id = `s${this.#nextId++}`;
      entry = { subscription: { ...topic, id }, observers: new Set() };
      this.#entries.set(key, entry);
      this.#reopenAfter(REOPEN_DELAY_MS);
    }
    entry.observers.add(observer);
    const joined = entry;
    return () => {
      joined.observers.delete(observer);
      if (joined.observers.size > 0 || this.#entries.get(key) !== joined) {
        return;
      }
      this.#entries.delete(key);
      this.#reopenAfter(REOPEN_DELAY_MS);
    };
  }

  #setState(state: StreamState) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#listeners.forEach(listener => listener());
  }

  #reopenAfter(delayMs: number) {
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = setTimeout(() => this.#reopen(), delayMs);
  }

  #reopen() {
    this.#connection?.abort();
    this.#connection = undefined;
    if (this.#entries.size === 0) {
      this.#forgetLoss();
      this.#setState({ state: 'idle' });
      return;
    }
    const connection = new AbortController();
    this.#connection = connection;
    if (this.#lostAt === undefined) this.#setState({ state: 'connecting' });
    const openedAt = Date.now();
    const ended = () => this.#ended(connection, Date.now() - openedAt);
    this.#read(connection).then(ended, ended);
  }

  async #read(connection: AbortController): Promise<void> {
    const subscriptions = [...this.#entries.values()].map(
      entry => entry.subscription,
    );
    let silence = setTimeout(() => connection.abort(), SILENCE_MS);
    try {
      const body = await this.#open(subscriptions, connection.signal);
      for await (const message of readServerSentEvents(body)) {
        if (this.#connection !== connection) return;
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), SILENCE_MS);
        if (message?.event === 'end') return;
        if (message) this.#receive(message);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #receive({ event, data }: ServerSentEvent) {
    if (event === 'ready') {
      const wasLost = this.#lostAt !== undefined;
      this.#forgetLoss();
      this.#setState({ state: 'live' });
      if (wasLost) this.#tellAll({ type: 'reconnected' });
      return;
    }
    const { subscription, ...rest } = data as { subscription: string };
    for (const entry of this.#entries.values()) {
      if (entry.subscription.id === subscription) {
        const told = { ...rest, type: event } as StreamEvent;
        entry.observers.forEach(observer => observer(told));
      }
    }
  }

  #tellAll(event: StreamEvent) {
    for (const { observers } of this.#entries.values()) {
      observers.forEach(observer => observer(event));
    }
  }

  #ended(connection: AbortController, livedMs: number) {
    if (this.#connection !== connection) return;
    connection.abort();
    this.#connection = undefined;
    if (this.#lostAt === undefined) {
      const lostAt = Date.now();
      this.#lostAt = lostAt;
      this.#downTimer = setTimeout(
        () => this.#setState({ state: 'down', since: lostAt }),
        DOWN_AFTER_MS,
      );
    }
    if (livedMs > STABLE_MS) this.#failures = 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
    // Half to the whole of the wait, so that many browsers do not come back at once.
    this.#reopenAfter(wait * (0.5 + Math.random() / 2));
  }

  #forgetLoss() {
    clearTimeout(this.#downTimer);
    this.#lostAt = undefined;
  }
}
