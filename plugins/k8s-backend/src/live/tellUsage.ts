import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestContext, ViewRow } from '@backstage-k8s/plugin-k8s-node';
import type { TopicEvent } from '../streams/TopicSource';
import { withUsage } from '../views/NodeUsage';
import type { NodeUsage, UsageByNode } from '../views/NodeUsage';
import type { ViewChanges } from './followView';

/** Milliseconds between two looks at what nodes use, which is how often metrics-server measures; a look may take as long. */
const LOOK_MS = 15_000;

const isSame = (key: string, one: UsageByNode, other: UsageByNode) =>
  JSON.stringify(one.get(key)) === JSON.stringify(other.get(key));

/**
 * Changes of the view of nodes with what the nodes use, which changes though nothing changes in the view: it is looked at now and then,
 * and rows of which it differs are told again. Who has been told a use is told the last one known until a look says otherwise, since rows
 * without it would take it away from what their reader has. Ends with the changes.
 *
 * @param open - the changes; they get the signal that ends them
 */
export async function* tellUsage(
  open: (signal: AbortSignal) => AsyncIterable<ViewChanges>,
  options: {
    cluster: string;
    usage: Pick<NodeUsage, 'of'>;
    context: RequestContext;
    lookMs?: number;
  },
): AsyncIterable<TopicEvent> {
  const { cluster, usage, context, lookMs = LOOK_MS } = options;
  const own = new AbortController();
  const signal = AbortSignal.any([context.signal, own.signal]);
  const changes = open(signal)[Symbol.asyncIterator]();
  const follow = async () => ({ change: await changes.next() });
  const lookAfter = async (pauseMs: number) => {
    try {
      await sleep(pauseMs, undefined, { signal });
      return { use: await usage.of(cluster, context, { waitMs: LOOK_MS }) };
    } catch {
      // It has ended, which the changes tell.
      return new Promise<never>(() => undefined);
    }
  };
  /** As the view has them. */
  const rows = new Map<string, ViewRow>();
  let used: UsageByNode | undefined;
  let look: ReturnType<typeof lookAfter> | undefined;
  let next = follow();
  try {
    for (;;) {
      const heard = await Promise.race(look ? [next, look] : [next]);
      if ('change' in heard) {
        if (heard.change.done) return;
        const change = heard.change.value;
        for (const key of change.deleted) rows.delete(key);
        for (const row of change.rows) rows.set(row.key, row);
        used ??= await usage.of(cluster, context);
        // An answer that was not there in time is told as soon as it is.
        look ??= lookAfter(used.size > 0 ? lookMs : 0);
        yield { ...change, rows: withUsage(change.rows, used) };
        next = follow();
      } else {
        const { use } = heard;
        const before = used ?? use;
        used = use;
        look = lookAfter(lookMs);
        const differing = [...rows.values()].filter(
          ({ key }) => !isSame(key, before, use),
        );
        if (differing.length > 0) {
          const told = withUsage(differing, use);
          yield { type: 'changes', rows: told, deleted: [], cluster };
        }
      }
    }
  } finally {
    own.abort();
    await changes.return?.();
  }
}
