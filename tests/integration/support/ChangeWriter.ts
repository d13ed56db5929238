import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from './connectTo.ts';
import type { TestApiServer } from './TestApiServer.ts';

/** The kind that is written, one that views are made of; its cluster is `c`. */
export const WRITTEN = {
  cluster: 'c',
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
} as const;
/** Where all its objects are. */
export const WRITTEN_PATH = '/apis/apps/v1/namespaces/default/deployments';
/** Where lists and watches of it are. */
export const WRITTEN_LIST_PATH = '/apis/apps/v1/deployments';
/** Label of the number that each change gives. */
export const NUMBER_LABEL = 'number';

const OBJECTS = 20;
const PAUSE_MS = 5;
// Confirmed changes are remembered for so long; nobody asks for older ones.
const REMEMBERED_MS = 60_000;

/** An object of the kind that is written, as the API server takes it. */
export function written(
  name: string,
  more: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  } = {},
): object {
  const labels = { app: 'written' };
  return {
    metadata: { name, ...more },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'none' }] },
      },
    },
  };
}

/** A change that the API server confirmed. */
interface Confirmed {
  /** ms since 1970, after the answer. */
  at: number;
  number: number;
  isGone: boolean;
}

/** Changes objects at random, each change with a number that only grows; what fails is as if it had not been tried. */
export class ChangeWriter {
  /** Numbers that may have been written, by name: also where the answer was lost. */
  readonly #tried = new Map<string, Set<number>>();
  /** Number of the last deletion that may have happened, by name. */
  readonly #deletions = new Map<string, number>();
  readonly #confirmed = new Map<string, Confirmed[]>();
  readonly #connection;
  #number = 0;
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  readonly #pauseMs: number;

  /** @param options - `pauseMs`: between two changes */
  constructor(server: TestApiServer, options: { pauseMs?: number } = {}) {
    this.#connection = connectTo(server).connection;
    this.#pauseMs = options.pauseMs ?? PAUSE_MS;
  }

  start() {
    this.#isStopped = false;
    this.#done = this.#run();
  }

  async stop() {
    this.#isStopped = true;
    await this.#done;
  }

  /** Whether an object of this name may ever have had this number. */
  wrote(name: string, number: number): boolean {
    return this.#tried.get(name)?.has(number) ?? false;
  }

  /** What was confirmed is not what is, since the cluster was set back. */
  forgetConfirmed() {
    this.#confirmed.clear();
  }

  /**
   * What is missing in numbers by name that are said to be true, as sentences: all that was confirmed before `until` has to be
   * there, or something later.
   */
  missing(numbers: ReadonlyMap<string, number>, until: number): string[] {
    return [...this.#confirmed].flatMap(([name, changes]) => {
      const last = changes.findLast(({ at }) => at < until);
      if (!last) return [];
      const shown = numbers.get(name);
      const isTrue =
        shown === undefined
          ? (this.#deletions.get(name) ?? 0) >= last.number
          : shown > last.number || (shown === last.number && !last.isGone);
      return isTrue ? [] : [`${name} is ${shown}, ${last.number} was written`];
    });
  }

  /** One change of one object. */
  async change() {
    const name = `object-${Math.floor(Math.random() * OBJECTS)}`;
    this.#number += 1;
    const number = this.#number;
    const labels = { [NUMBER_LABEL]: String(number) };
    this.#tried.set(name, (this.#tried.get(name) ?? new Set()).add(number));
    if (Math.random() < 0.15) {
      this.#deletions.set(name, number);
      await this.#send('DELETE', name);
      this.#confirm(name, { at: Date.now(), number, isGone: true });
      return;
    }
    try {
      await this.#send('PATCH', name, { metadata: { labels } });
    } catch {
      await this.#send('POST', name, written(name, { labels }));
    }
    this.#confirm(name, { at: Date.now(), number, isGone: false });
  }

  async #run() {
    while (!this.#isStopped) {
      await this.change().catch(() => {});
      await sleep(this.#pauseMs);
    }
  }

  async #send(
    method: 'POST' | 'PATCH' | 'DELETE',
    name: string,
    body?: object,
  ) {
    const response = await this.#connection.request({
      method,
      path: method === 'POST' ? WRITTEN_PATH : `${WRITTEN_PATH}/${name}`,
      contentType:
        method === 'PATCH' ? 'application/merge-patch+json' : undefined,
      body,
      probe: true,
    });
    await response.text();
  }

  #confirm(name: string, change: Confirmed) {
    const since = Date.now() - REMEMBERED_MS;
    const changes = (this.#confirmed.get(name) ?? []).filter(
      (_, index, all) => (all[index + 1]?.at ?? Infinity) > since,
    );
    this.#confirmed.set(name, [...changes, change]);
  }
}
