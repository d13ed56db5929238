import { createHash } from 'node:crypto';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { LiveEvent, LiveRow } from './LiveTopics';

/**
 * The rows that a subscription was told of, as digests: a row is told again only when it differs, and whoever watches ten
 * thousand of them does not hold them twice.
 */
export class RowSet {
  private readonly digests = new Map<string, string>();
  private toldCache = '';

  constructor(private readonly cluster: string) {}

  /** All rows there are, and those that were told before and are no longer among them as gone. */
  withGone(
    rows: ReadonlyMap<string, LiveRow | undefined>,
  ): ReadonlyMap<string, LiveRow | undefined> {
    const gone = [...this.digests.keys()].filter(key => !rows.has(key));
    return new Map([...rows, ...gone.map(key => [key, undefined] as const)]);
  }

  /** What is to be told of these rows (undefined: gone), or undefined when nothing is new. */
  tell(
    rows: ReadonlyMap<string, LiveRow | undefined>,
    cache: CacheState,
  ): LiveEvent | undefined {
    const upserted: LiveRow[] = [];
    const deleted: string[] = [];
    for (const [key, row] of rows) {
      if (row === undefined) {
        if (this.digests.delete(key)) deleted.push(key);
        continue;
      }
      const digest = createHash('sha1')
        .update(JSON.stringify(row))
        .digest('base64');
      if (this.digests.get(key) === digest) continue;
      this.digests.set(key, digest);
      upserted.push(row);
    }
    const told = JSON.stringify(cache);
    const isNewCache = told !== this.toldCache;
    if (upserted.length === 0 && deleted.length === 0 && !isNewCache) {
      return undefined;
    }
    this.toldCache = told;
    return {
      type: 'changes',
      upserted,
      deleted,
      cluster: this.cluster,
      cache,
    };
  }
}
