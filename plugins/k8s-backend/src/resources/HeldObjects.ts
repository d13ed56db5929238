import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { parsedBytes } from '../cache/memory/sizes';
import { ContentTooLargeError } from '../errors/statusErrors';
import { checkCount } from './checkCount';
import type { Collector } from './readLive';
import { compareVersions } from './resourceVersion';

const MIB = 1024 * 1024;
/** Of one list, as objects; with so many at once as are read at once it is still less than a thread has. */
const MOST_BYTES = 64 * MIB;

/** Whole objects of one list on their way, which no ceiling counts: more than a bound of them are refused. */
export class HeldObjects implements Collector<KubernetesObject> {
  readonly #query: ResourceQuery;
  readonly #mostBytes: number;
  readonly #newest: number | undefined;
  #items: KubernetesObject[] = [];
  #bytes = 0;

  /** @param options - `newest`: as many of the newest are enough; absent: it is all or nothing */
  constructor(
    query: ResourceQuery,
    options: { mostBytes?: number; newest?: number } = {},
  ) {
    this.#query = query;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    this.#newest = options.newest;
  }

  /** All, or the newest. */
  take(): KubernetesObject[] {
    this.#keepNewest(this.#newest);
    return this.#items;
  }

  /** @throws ContentTooLargeError */
  add(object: KubernetesObject) {
    checkCount(this.#query, this.#items.length + 1);
    this.#items.push(object);
    this.#bytes += parsedBytes(object);
    const newest = this.#newest;
    // Sorted once for as many as may stay.
    if (newest !== undefined && this.#items.length >= 2 * newest) {
      this.#keepNewest(newest);
    }
    if (this.#bytes > this.#mostBytes) throw this.#tooLarge();
  }

  #keepNewest(count: number | undefined) {
    if (count === undefined || this.#items.length <= count) return;
    this.#items.sort((one, other) =>
      compareVersions(versionOf(other), versionOf(one)),
    );
    for (const gone of this.#items.splice(count)) {
      this.#bytes -= parsedBytes(gone);
    }
  }

  #tooLarge(): ContentTooLargeError {
    const { plural } = this.#query;
    return new ContentTooLargeError(
      `All ${plural} at once are too large to be read past the cache; name a namespace or a labelSelector. An administrator can give the cache more room with k8s.cache.memory`,
    );
  }
}

function versionOf({ metadata }: KubernetesObject): string {
  return metadata.resourceVersion ?? '0';
}
