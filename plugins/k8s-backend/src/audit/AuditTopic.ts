import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { Bell } from '../live/Bell';
import type {
  Subscription,
  TopicEvent,
  TopicSource,
} from '../streams/TopicSource';
import type { AuditFeed } from './AuditFeed';
import type { AuditScopes } from './AuditScopes';
import type { AuditScope } from './AuditStore';

/** Entries that wait for a reader; who has not taken so many had better read the page again. */
const MAX_WAITING = 500;

type AuditEntry = Schema<'AuditEntry'>;

function isIn(scope: AuditScope, { actor, cluster }: AuditEntry): boolean {
  if (scope === 'all' || actor === scope.actor) return true;
  return cluster !== undefined && scope.clusters.includes(cluster);
}

/**
 * The entries of the audit that are new or have ended, of one cluster or of all, as far as the page of changes would show them to
 * its reader. Its reader has pages, and reads them (again) at each `reset`.
 */
export class AuditTopic implements TopicSource {
  constructor(
    private readonly options: {
      feed: Pick<AuditFeed, 'listen'>;
      scopes: Pick<AuditScopes, 'of'>;
    },
  ) {}

  async *open(
    { cluster }: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
    const { signal } = context;
    const bell = new Bell();
    let waiting = new Map<string, AuditEntry>();
    let needsReset = true;
    const reset = () => {
      needsReset = true;
      waiting.clear();
      bell.ring();
    };
    const { scope } = await this.options.scopes.of(context);
    const leave = this.options.feed.listen(entries => {
      if (!entries) {
        reset();
        return;
      }
      for (const entry of entries) {
        const isWanted = cluster === undefined || entry.cluster === cluster;
        if (isWanted && isIn(scope, entry)) waiting.set(entry.id, entry);
      }
      if (waiting.size > MAX_WAITING) reset();
      else if (waiting.size > 0) bell.ring();
    });
    const wake = () => bell.ring();
    signal.addEventListener('abort', wake, { once: true });
    bell.ring();
    try {
      for (;;) {
        await bell.heard();
        if (signal.aborted) return;
        if (needsReset) yield { type: 'reset' };
        needsReset = false;
        const upserted = [...waiting.values()];
        waiting = new Map();
        if (upserted.length > 0) {
          yield { type: 'changes', upserted, deleted: [] };
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      leave();
    }
  }
}
