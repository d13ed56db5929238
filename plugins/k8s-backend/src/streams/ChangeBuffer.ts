import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { PreparedJson } from '../router/PreparedJson';
import { rowKey } from './rowKey';
import type { Subscription, TopicEvent } from './TopicSource';

/** Rows of one event; a long list comes in several. */
const ROWS_PER_MESSAGE = 500;

/** A server-sent event. */
export interface StreamMessage {
  event: 'ready' | 'changes' | 'reset' | 'end';
  data: Record<string, unknown> | PreparedJson;
}

interface ClusterChanges {
  /** By key, as objects or JSON text; null: gone. */
  rows: Map<string, object | string | null>;
  cache?: CacheState;
}

/**
 * Collects what a subscription is told until it is sent: of several changes of a row the last one counts, so that a slow
 * reader costs a list's worth of memory at most.
 */
export class ChangeBuffer {
  private reset = false;
  private byCluster = new Map<string | undefined, ClusterChanges>();

  constructor(private readonly subscription: Subscription) {}

  add(event: TopicEvent): void {
    if (event.type === 'reset') {
      this.reset = true;
      this.byCluster.clear();
      return;
    }
    const changes: ClusterChanges = this.byCluster.get(event.cluster) ?? {
      rows: new Map(),
    };
    this.byCluster.set(event.cluster, changes);
    changes.cache = event.cache ?? changes.cache;
    for (const row of event.upserted ?? []) {
      changes.rows.set(rowKey(this.subscription.topic, row), row);
    }
    for (const { key, json } of event.rows ?? []) changes.rows.set(key, json);
    for (const key of event.deleted) changes.rows.set(key, null);
  }

  /** What was collected; the buffer is empty then. */
  take(): StreamMessage[] {
    const subscription = this.subscription.id;
    const messages: StreamMessage[] = this.reset
      ? [{ event: 'reset', data: { subscription } }]
      : [];
    for (const [cluster, { rows, cache }] of this.byCluster) {
      const entries = [...rows];
      // At least one message: freshness may be all that changed.
      do {
        const part = entries.splice(0, ROWS_PER_MESSAGE);
        messages.push({
          event: 'changes',
          data: changesOf(part, {
            subscription,
            deleted: part.flatMap(([key, row]) => (row ? [] : [key])),
            ...(cluster !== undefined && { cluster }),
            ...(cache && { cache }),
          }),
        });
      } while (entries.length > 0);
    }
    this.reset = false;
    this.byCluster.clear();
    return messages;
  }
}

function changesOf(
  entries: [string, object | string | null][],
  others: Record<string, unknown>,
): Record<string, unknown> | PreparedJson {
  const upserted = entries.flatMap(([, row]) => row ?? []);
  if (!upserted.some(row => typeof row === 'string')) {
    return { upserted, ...others };
  }
  const texts = upserted.map(row =>
    typeof row === 'string' ? row : JSON.stringify(row),
  );
  return PreparedJson.of(others, { upserted: texts });
}
