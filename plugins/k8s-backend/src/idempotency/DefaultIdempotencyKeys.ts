/**
 * One effect per key and caller, over all instances. A row is claimed before the work and completed with its answer; while it
 * is claimed its lease is renewed. Whoever finds a row whose lease is over (its instance died, or its work failed) takes it
 * over with a higher epoch and is told so: the earlier attempt may have had its effect in the cluster.
 */
import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { withHints } from '../errors/answerHints';
import { failureLog } from '../errors/failureLog';
import { UnprocessableContentError } from '../errors/statusErrors';
import type {
  IdempotencyKeys,
  KeyedRequest,
  StoredAnswer,
} from './IdempotencyKeys';
import type { ClaimResult, IdempotencyStore } from './IdempotencyStore';
import { isFinalStatus } from './isFinalStatus';

/** Milliseconds; a dead instance's requests can be taken over after this. */
const LEASE_MS = 15_000;
/** Milliseconds; two renewals may fail before the lease is over. */
const RENEWAL_MS = 5_000;
/**
 * Nothing was changed, since something is not there or in the way. Taken for lost answers, a deletion would be called done when it is
 * sent again.
 */
const WITHOUT_EFFECT = [404, 409];

/** The hash that a request is known by in the database and on the objects that it changes. */
export function markerOf(context: RequestContext, key: string): string {
  const { type, ref } = context.principal;
  return createHash('sha256')
    .update(JSON.stringify([type, ref, key]))
    .digest('hex');
}

function takenOver(): Error {
  return withHints(
    new ConflictError(
      'Another instance of the portal took this request over; ask again for its answer',
    ),
    { retryAfterSeconds: 1 },
  );
}

/** Idempotency over an {@link IdempotencyStore}. */
export class DefaultIdempotencyKeys implements IdempotencyKeys {
  private readonly store: IdempotencyStore;
  private readonly logger: LoggerService;

  constructor(options: { store: IdempotencyStore; logger: LoggerService }) {
    this.store = options.store;
    this.logger = options.logger;
  }

  async run(
    request: KeyedRequest,
    context: RequestContext,
    work: (context: RequestContext) => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const marker = markerOf(context, request.key);
    const result = await this.claim(marker, request.fingerprint);
    switch (result.outcome) {
      case 'done':
        return result.answer;
      case 'otherRequest':
        throw new UnprocessableContentError(
          'This Idempotency-Key was used for another request',
        );
      case 'running':
        context.audit.recorded = true;
        throw withHints(
          new ConflictError(
            'A request with this Idempotency-Key is still running; ask again for its answer',
          ),
          { retryAfterSeconds: result.retryAfterMs / 1000 },
        );
      default:
        return this.work(result, context, work);
    }
  }

  private async claim(
    marker: string,
    fingerprint: string,
  ): Promise<ClaimResult> {
    try {
      return await this.store.claim({ marker, fingerprint, leaseMs: LEASE_MS });
    } catch (error) {
      this.logger.error(
        'An idempotency key cannot be claimed',
        failureLog(error),
      );
      throw new ServiceUnavailableError(
        'The database does not answer, so nothing was changed; try again soon',
      );
    }
  }

  private async work(
    claimed: ClaimResult & { outcome: 'claimed' },
    context: RequestContext,
    work: (context: RequestContext) => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const { claim, resumed } = claimed;
    const lost = new AbortController();
    const renewal = setInterval(() => {
      this.store.renew(claim, LEASE_MS).then(
        held => held || lost.abort(takenOver()),
        error =>
          this.logger.warn('A lease cannot be renewed', failureLog(error)),
      );
    }, RENEWAL_MS);
    try {
      const answer = await work({
        ...context,
        signal: AbortSignal.any([context.signal, lost.signal]),
        idempotency: { marker: claim.marker, resumed },
      });
      await this.settle(claimed, answer);
      return answer;
    } catch (error) {
      await this.giveUp(() => this.store.release(claim));
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  private async settle(
    { claim, resumed }: ClaimResult & { outcome: 'claimed' },
    answer: StoredAnswer,
  ): Promise<void> {
    if (answer.isProvisional || !isFinalStatus(answer.status)) {
      const hadNoEffect = WITHOUT_EFFECT.includes(answer.status) && !resumed;
      await this.giveUp(() =>
        hadNoEffect ? this.store.withdraw(claim) : this.store.release(claim),
      );
      return;
    }
    try {
      const held = await this.store.complete(claim, answer);
      if (!held) {
        this.logger.warn('A request was taken over before it had ended', {
          marker: claim.marker,
        });
      }
    } catch (error) {
      // The effect is there and the caller is told; a repeated request looks for it in the cluster.
      this.logger.error('An answer cannot be kept', failureLog(error));
    }
  }

  private async giveUp(release: () => Promise<void>): Promise<void> {
    try {
      await release();
    } catch (error) {
      // Its lease ends by itself.
      this.logger.warn('A claim cannot be released', failureLog(error));
    }
  }
}
