/**
 * Audit over a store, and told to Backstage's auditor too. The entry comes before the change, so that nothing is ever changed
 * without one; an entry that stays pending tells that its end was not seen.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { v7 as orderedUuid } from 'uuid';
import { failureLog } from '../errors/failureLog';
import { redactSecrets } from '../errors/redactSecrets';
import { within } from '../workloads/within';
import type { AuditEffect, AuditIntent, AuditLog } from './AuditLog';
import type { AuditResult, AuditStore, NewAuditEntry } from './AuditStore';
import { boundedDetails } from './boundedDetails';

/** Milliseconds between the attempts to write how a change ended; the caller waits for them. */
const RESULT_PAUSES_MS = [100, 400, 1500];
/** Milliseconds that the caller waits for the entry of a refusal; it is written later, or not at all. */
const REFUSAL_WAIT_MS = 2_000;
/** Characters. */
const REASON_LENGTH = 500;
/** Anonymous entries a minute and instance; more would let anybody fill the database. */
const ANONYMOUS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/** Characters of an action; kinds of custom resources may have names of as many. */
const ACTION_LENGTH = 64;

/** An action that fits into its column, with all of what was done and, where there is no room, a part of to what. */
function boundedAction(action: string): string {
  const verb = action.slice(action.lastIndexOf('.'));
  return action.length <= ACTION_LENGTH
    ? action
    : `${action.slice(0, ACTION_LENGTH - verb.length)}${verb}`;
}

/** Words of an action that takes something away. */
const DESTRUCTIVE = /\.delete$/;

/** The audit log over an {@link AuditStore}. */
export class DefaultAuditLog implements AuditLog {
  private readonly store: Pick<AuditStore, 'add' | 'complete'>;
  private readonly auditor: AuditorService;
  private readonly logger: LoggerService;
  private anonymous = { since: 0, count: 0 };

  constructor(options: {
    store: Pick<AuditStore, 'add' | 'complete'>;
    auditor: AuditorService;
    logger: LoggerService;
  }) {
    this.store = options.store;
    this.auditor = options.auditor;
    this.logger = options.logger;
  }

  async change<T>(
    intent: AuditIntent,
    context: RequestContext,
    work: (note: (effect: AuditEffect) => void) => Promise<T>,
  ): Promise<T> {
    const entry = this.entryOf(intent, context, 'pending');
    try {
      await this.store.add(entry);
    } catch (error) {
      this.logger.error('A change is not audited and so not done', {
        action: intent.action,
        requestId: context.requestId,
        ...failureLog(error),
      });
      throw new ServiceUnavailableError(
        'The audit cannot be written, so nothing was changed; try again soon',
      );
    }
    context.audit.recorded = true;
    const event = await this.announce(entry);
    const start = performance.now();
    const elapsed = () => Math.round(performance.now() - start);
    let effect: AuditEffect | undefined;
    try {
      // A database that was slow may have kept the intent until its caller was told that the request is given up.
      context.signal.throwIfAborted();
      const value = await work(noted => {
        effect = noted;
      });
      await this.complete(entry, {
        outcome: 'succeeded',
        durationMs: elapsed(),
        effect,
      });
      await event?.success();
      return value;
    } catch (thrown) {
      const error =
        thrown instanceof Error ? thrown : new Error(String(thrown));
      const reason = redactSecrets(error.message, REASON_LENGTH);
      await this.complete(entry, {
        outcome: error.name === 'NotAllowedError' ? 'refused' : 'failed',
        reason,
        durationMs: elapsed(),
      });
      await event?.fail({ error: new Error(reason) });
      throw thrown;
    }
  }

  async record(intent: AuditIntent, context: RequestContext): Promise<void> {
    const entry = this.entryOf(intent, context, 'succeeded');
    context.audit.recorded = true;
    try {
      await this.store.add(entry);
    } catch (error) {
      this.logger.error('What was done is not audited', {
        action: intent.action,
        actor: entry.actor,
        requestId: context.requestId,
        ...failureLog(error),
      });
      throw new ServiceUnavailableError('The audit cannot be written');
    }
  }

  async refused(
    intent: AuditIntent,
    context: RequestContext,
    error: Error,
  ): Promise<void> {
    if (context.principal.type === 'anonymous' && !this.admitAnonymous()) {
      return;
    }
    const reason = redactSecrets(error.message, REASON_LENGTH);
    const entry = { ...this.entryOf(intent, context, 'refused'), reason };
    context.audit.recorded = true;
    try {
      const isKept = await within(
        this.store.add(entry).then(() => true),
        REFUSAL_WAIT_MS,
      );
      if (!isKept) throw new Error('The database does not answer in time');
    } catch (failure) {
      this.logger.error('A refusal is not audited', {
        action: intent.action,
        actor: entry.actor,
        requestId: context.requestId,
        ...failureLog(failure),
      });
    }
    const event = await this.announce(entry);
    await event?.fail({ error: new Error(reason) });
  }

  private entryOf(
    intent: AuditIntent,
    context: RequestContext,
    outcome: NewAuditEntry['outcome'],
  ): NewAuditEntry {
    return {
      // Entries of one millisecond are in the order in which they were made.
      id: orderedUuid(),
      actor: context.principal.ref,
      action: boundedAction(intent.action),
      outcome,
      cluster: intent.cluster?.id,
      clusterName: intent.cluster?.name,
      resource: intent.resource,
      details: boundedDetails(intent.details),
      requestId: context.requestId,
    };
  }

  private async complete(
    entry: NewAuditEntry,
    result: AuditResult,
  ): Promise<void> {
    for (const pause of [...RESULT_PAUSES_MS, undefined]) {
      try {
        await this.store.complete(entry.id, result);
        return;
      } catch (error) {
        if (pause === undefined) {
          this.logger.error('How a change ended is not audited', {
            entry: entry.id,
            action: entry.action,
            outcome: result.outcome,
            requestId: entry.requestId,
            ...failureLog(error),
          });
        } else {
          await wait(pause);
        }
      }
    }
  }

  /** Tells Backstage's auditor, which only logs: its failure is no reason to refuse a change. */
  private async announce(entry: NewAuditEntry) {
    const { id, action, actor, cluster, clusterName, requestId } = entry;
    try {
      const event = await this.auditor.createEvent({
        eventId: action.replace('.', '-'),
        severityLevel: DESTRUCTIVE.test(action) ? 'high' : 'medium',
        meta: JSON.parse(
          JSON.stringify({
            entry: id,
            actor,
            cluster,
            clusterName,
            resource: entry.resource,
            requestId,
          }),
        ) as JsonObject,
      });
      const tell = (report: () => Promise<void>) =>
        report().catch(error =>
          this.logger.warn('The auditor failed', failureLog(error)),
        );
      return {
        success: () => tell(() => event.success()),
        fail: (options: { error: Error }) => tell(() => event.fail(options)),
      };
    } catch (error) {
      this.logger.warn('The auditor failed', failureLog(error));
      return undefined;
    }
  }

  private admitAnonymous(): boolean {
    const now = Date.now();
    if (now - this.anonymous.since > MINUTE_MS) {
      this.anonymous = { since: now, count: 0 };
    }
    this.anonymous.count++;
    if (this.anonymous.count === ANONYMOUS_PER_MINUTE + 1) {
      this.logger.warn(
        'Further anonymous requests of this minute are not audited',
        { perMinute: ANONYMOUS_PER_MINUTE },
      );
    }
    return this.anonymous.count <= ANONYMOUS_PER_MINUTE;
  }
}
