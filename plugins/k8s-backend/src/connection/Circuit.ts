/**
 * Keeps callers from waiting for a cluster that is away: after a few requests in a row without any answer the circuit opens and
 * requests fail at once; after a pause with jitter one request is let through, and its success closes the circuit.
 */
import {
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  decorrelatedJitterGenerator,
  handleWhen,
} from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { ServiceUnavailableError } from '@backstage/errors';
import { isConnectionFailure, withFailure } from '../errors/clusterErrors';

const FAILURES_IN_A_ROW = 3;
const FIRST_PAUSE_MS = 1_000;
// Below the time in which a cluster that is back has to be shown as back.
const LONGEST_PAUSE_MS = 10_000;

/** A circuit breaker for one API server. */
export class Circuit {
  #policy = this.#create();
  #error: Error | undefined;
  readonly #onChange: () => void;

  /** @param options - `onChange`: told when it opens and when it closes */
  constructor(options: { onChange?: () => void } = {}) {
    this.#onChange = options.onChange ?? (() => {});
  }

  /** Whether requests are refused. */
  get isOpen(): boolean {
    return this.#policy.state !== CircuitState.Closed;
  }

  /**
   * Does the work unless the circuit is open; with `probe` in any case.
   *
   * @throws ServiceUnavailableError (cause `circuit`) with why it is open; else what the work throws
   */
  async run<T>(
    work: () => Promise<T>,
    options: { probe?: boolean } = {},
  ): Promise<T> {
    if (this.isOpen && options.probe) return this.#probe(work);
    // cockatiel lets others wait for the one that is let through; here they fail at once.
    if (this.#policy.state === CircuitState.HalfOpen) throw this.#refusal();
    try {
      return await this.#policy.execute(work);
    } catch (error) {
      if (error instanceof Error && 'isBrokenCircuitError' in error) {
        throw this.#refusal();
      }
      if (isConnectionFailure(error)) this.#error = error as Error;
      throw error;
    }
  }

  async #probe<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#close();
      return result;
    } catch (error) {
      // Whatever it answers, it answers.
      if (!isConnectionFailure(error)) this.#close();
      throw error;
    }
  }

  #close() {
    if (!this.isOpen) return;
    this.#policy = this.#create();
    this.#onChange();
  }

  #create(): CircuitBreakerPolicy {
    const policy = circuitBreaker(handleWhen(isConnectionFailure), {
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: FIRST_PAUSE_MS,
        maxDelay: LONGEST_PAUSE_MS,
        generator: decorrelatedJitterGenerator,
      }),
    });
    policy.onBreak(() => this.#onChange());
    policy.onReset(() => this.#onChange());
    return policy;
  }

  #refusal(): Error {
    const reason = this.#error?.message ?? 'the last requests failed';
    return withFailure(
      new ServiceUnavailableError(
        `The cluster does not answer and is tried again soon: ${reason}`,
      ),
      { cause: 'circuit' },
    );
  }
}
