/**
 * The topics of clusters and of their health: their lists, read again when something changed and now and then, since another
 * instance may have changed it.
 */
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { Handlers } from '../router/Handlers';
import { rowKey } from './rowKey';
import type { Subscription, TopicEvent, TopicSource } from './TopicSource';

/** Milliseconds after which the rows are looked at although nothing was heard. */
const INTERVAL_MS = 10_000;

/** What the topics of clusters work with. */
export interface ClusterTopicsOptions {
  handlers: Pick<Handlers, 'listClusters' | 'getClusterHealth'>;
  /** Where changes are heard from; each returns how to stop it. */
  changes: readonly ((listener: () => void) => () => void)[];
}

/** Waits for a change, the interval or the end. */
function nextChange(
  changes: ClusterTopicsOptions['changes'],
  signal: AbortSignal,
): { happened: Promise<void>; stop: () => void } {
  let settle = () => {};
  const happened = new Promise<void>(resolve => {
    settle = resolve;
  });
  const timer = setTimeout(settle, INTERVAL_MS);
  signal.addEventListener('abort', settle, { once: true });
  const stops = changes.map(listen => listen(settle));
  return {
    happened,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      stops.forEach(stop => stop());
    },
  };
}

/** Which rows are new or differ from those known by their text as JSON, and which are gone. */
function differences(
  known: ReadonlyMap<string, string>,
  read: { rows: readonly object[]; topic: Subscription['topic'] },
) {
  const texts = new Map<string, string>();
  const upserted: object[] = [];
  for (const row of read.rows) {
    const key = rowKey(read.topic, row);
    const text = JSON.stringify(row);
    texts.set(key, text);
    if (known.get(key) !== text) upserted.push(row);
  }
  const deleted = [...known.keys()].filter(key => !texts.has(key));
  return { texts, upserted, deleted };
}

/** Tells of clusters (`clusters`) and of the health of one (`health`). */
export class ClusterTopics implements TopicSource {
  constructor(private readonly options: ClusterTopicsOptions) {}

  async *open(
    subscription: Subscription,
    context: RequestContext,
  ): AsyncGenerator<TopicEvent> {
    const { signal } = context;
    let known = new Map<string, string>();
    let isFirst = true;
    while (!signal.aborted) {
      // Listening starts before reading, so that no change falls between the two.
      const next = nextChange(this.options.changes, signal);
      try {
        const rows = await this.read(subscription, context);
        const change = differences(known, { rows, topic: subscription.topic });
        const { upserted, deleted } = change;
        known = change.texts;
        if (isFirst) yield { type: 'reset' };
        if (isFirst || upserted.length > 0 || deleted.length > 0) {
          yield { type: 'changes', upserted, deleted };
        }
        isFirst = false;
        await next.happened;
      } finally {
        next.stop();
      }
    }
  }

  private async read(
    subscription: Subscription,
    context: RequestContext,
  ): Promise<object[]> {
    const { handlers } = this.options;
    if (subscription.topic === 'health') {
      const path = { id: subscription.cluster ?? '' };
      const request = { context, path, query: {}, body: undefined };
      return [await handlers.getClusterHealth(request)];
    }
    const request = { context, path: {}, query: {}, body: undefined };
    return (await handlers.listClusters(request)).clusters;
  }
}
