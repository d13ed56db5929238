/**
 * One subscription of an open stream: opened again when what its reader may see has changed, closed for good when nothing of
 * it is left. Its rows go to an outbox.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { failureLog } from '../errors/failureLog';
import { statusOf } from '../errors/statusErrors';
import { plainText } from '../views/plainText';
import type { Outbox } from './Outbox';
import { pause } from './pause';
import type { StreamAccess } from './StreamAccess';
import type { Subscription, TopicSource } from './TopicSource';

/** Milliseconds until a topic that failed or ended is opened again. */
const PAUSE_MS = 5_000;

/** What a subscription runs with. */
export interface RunningSubscriptionOptions {
  subscription: Subscription;
  source: TopicSource;
  context: RequestContext;
  outbox: Outbox;
  access: StreamAccess;
  logger: LoggerService;
}

function isGone(error: unknown): boolean {
  const { name } = error as Error;
  return name === 'NotFoundError' || name === 'NotAllowedError';
}

/** A subscription that is being told of changes. */
export class RunningSubscription {
  private current = new AbortController();
  private seen?: string;
  /** Whether its reader may no longer see anything of it. */
  closed = false;
  /** Why its topic failed, as it was told; undefined: it is open, or was never opened. */
  private failure?: string;

  constructor(private readonly options: RunningSubscriptionOptions) {}

  /** Checks that it may be opened. @throws NotFoundError, InputError */
  async admit(): Promise<void> {
    const { access, subscription, context } = this.options;
    this.seen = await access.of(subscription, context);
  }

  /**
   * Looks again at what the reader may see.
   *
   * @param since - what was asked for before is no longer known; milliseconds of `performance.now()`
   * @throws what keeps that from being known
   */
  async recheck(since: number): Promise<void> {
    const { access, subscription, context, outbox } = this.options;
    if (this.closed) return;
    try {
      const rights = { since };
      const now = await access.of(subscription, { ...context, rights });
      if (now !== this.seen) {
        this.seen = now;
        this.current.abort();
        // What was collected under the old rights is not sent.
        outbox.add(subscription, { type: 'reset' });
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      this.close();
    }
  }

  /** Tells of changes until the stream ends or nothing may be seen any more. */
  async run(): Promise<void> {
    const { context } = this.options;
    while (!context.signal.aborted && !this.closed) {
      this.current = new AbortController();
      const signal = AbortSignal.any([context.signal, this.current.signal]);
      try {
        await this.forward(signal);
        if (!signal.aborted) await pause(PAUSE_MS, context.signal);
      } catch (error) {
        if (signal.aborted) continue;
        if (isGone(error)) {
          this.close();
          return;
        }
        this.tellFailure(error);
        await pause(PAUSE_MS, context.signal);
      }
    }
  }

  /** The reader forgets the rows; reading the list again says why. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.current.abort();
    this.options.outbox.add(this.options.subscription, { type: 'reset' });
  }

  /** Its rows stand still until it can be opened again: said once, however often that is tried. */
  private tellFailure(error: unknown): void {
    const { subscription, outbox, logger } = this.options;
    const message = plainText(
      statusOf(error as Error) === undefined
        ? 'Changes cannot be told at the moment'
        : (error as Error).message,
    );
    if (message === this.failure) return;
    this.failure = message;
    logger.warn('A topic of a stream failed and is opened again', {
      topic: subscription.topic,
      ...failureLog(error),
    });
    const { cluster } = subscription;
    if (cluster === undefined) return;
    outbox.add(subscription, {
      ...{ type: 'changes', upserted: [], deleted: [], cluster },
      cache: { state: 'stale', asOf: new Date().toISOString(), message },
    });
  }

  private async forward(signal: AbortSignal): Promise<void> {
    const { source, subscription, context, outbox } = this.options;
    const events = source.open(subscription, { ...context, signal });
    for await (const event of events) {
      // What was on its way when the right was lost is not sent any more.
      if (signal.aborted) return;
      this.failure = undefined;
      outbox.add(subscription, event);
    }
  }
}
