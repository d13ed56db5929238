import type { CacheState, ViewChange } from '@backstage-k8s/plugin-k8s-node';
import { Bell } from '../live/Bell';

/** What one reader of a view is still to be told: of several changes of a row the last one. */
export class ViewFollower {
  readonly #bell = new Bell();
  readonly #rows = new Map<string, string | undefined>();
  #isReset = false;
  #cache: CacheState | undefined;

  reset() {
    this.#isReset = true;
    this.#rows.clear();
    this.#bell.ring();
  }

  add(options: {
    upserted: ReadonlyMap<string, string>;
    deleted: readonly string[];
    cache: CacheState;
  }) {
    for (const key of options.deleted) this.#rows.set(key, undefined);
    for (const [key, json] of options.upserted) this.#rows.set(key, json);
    this.#cache = options.cache;
    this.#bell.ring();
  }

  wake() {
    this.#bell.ring();
  }

  heard(): Promise<void> {
    return this.#bell.heard();
  }

  *take(): Iterable<ViewChange> {
    if (this.#isReset) {
      this.#isReset = false;
      yield { type: 'RESET' };
    }
    const cache = this.#cache;
    if (!cache) return;
    const rows = [...this.#rows];
    this.#rows.clear();
    this.#cache = undefined;
    yield {
      type: 'CHANGES',
      upserted: rows.flatMap(([key, json]) =>
        json === undefined ? [] : [{ key, json }],
      ),
      deleted: rows.flatMap(([key, json]) => (json === undefined ? [key] : [])),
      cache,
    };
  }
}
