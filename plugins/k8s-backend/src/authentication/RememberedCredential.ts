/**
 * A credential that is asked for when it is first needed and remembered until shortly before it ends. Many requests wait for one
 * question; while the one at hand is good they do not wait at all. Where there is none, requests fail, and say why.
 */
import { ServiceUnavailableError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { untilAborted } from '../connection/untilAborted';
import { withFailure } from '../errors/clusterErrors';
import { within } from '../workloads/within';
import { isSameCredential } from './CredentialSource';
import type { CredentialSource, CredentialWait } from './CredentialSource';

/** Milliseconds that a question may take. */
const ASK_TIMEOUT_MS = 15_000;
/** Milliseconds that a request may take where it does not say. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Of a request's time: how long it waits for a credential. */
const WAIT_SHARE = 0.75;
/** Part of a credential's life that is left when the next one is asked for. */
const RENEW_SHARE = 0.2;
/** Milliseconds; one that lives for long need not be renewed hours before. */
const RENEW_AT_MOST_MS = 5 * 60_000;
/** Milliseconds after a failed question in which it is not asked again. */
const FAILURE_PAUSE_MS = 5_000;
/** Milliseconds after a refusal in which another one is not asked again: a cluster that refuses everything must not flood an issuer. */
const REFUSAL_PAUSE_MS = 30_000;

/** A credential at hand; times are milliseconds since 1970. */
interface Kept {
  credential: ClusterCredential;
  renewAt: number;
  endsAt: number;
}

/** The error for a cluster that there is no credential for. */
export function credentialError(message: string): Error {
  return withFailure(new ServiceUnavailableError(message), {
    cause: 'credential',
  });
}

/** The credential for one generation of a cluster. */
export class RememberedCredential implements CredentialSource {
  readonly #ask: (signal: AbortSignal) => Promise<ClusterCredential>;
  readonly #now: () => number;
  readonly #closed = new AbortController();
  #kept: Kept | undefined;
  #asking: Promise<ClusterCredential> | undefined;
  #failure: { error: Error; until: number } | undefined;
  #refusedUntil = 0;

  /** @param options - `ask`: throws errors with the cause `credential`; `now`: milliseconds since 1970 */
  constructor(options: {
    ask: (signal: AbortSignal) => Promise<ClusterCredential>;
    now: () => number;
  }) {
    this.#ask = options.ask;
    this.#now = options.now;
  }

  get problem(): string | undefined {
    return this.#failure?.error.message;
  }

  async current(wait: CredentialWait = {}): Promise<ClusterCredential> {
    const now = this.#now();
    if (this.#kept && now < this.#kept.endsAt) {
      const isDue = now >= this.#kept.renewAt || this.#failure !== undefined;
      if (isDue) this.#renewAside();
      return this.#kept.credential;
    }
    return this.#waitFor(this.#renewed(), wait);
  }

  async instead(
    refused: ClusterCredential,
    wait: CredentialWait = {},
  ): Promise<ClusterCredential | undefined> {
    const isOther = (credential: ClusterCredential) =>
      isSameCredential(credential, refused) ? undefined : credential;
    const known = this.#kept && isOther(this.#kept.credential);
    if (known) return known;
    const now = this.#now();
    // Who comes while it is asked for waits for the same answer.
    if (!this.#asking && now < this.#refusedUntil) return undefined;
    this.#refusedUntil = now + REFUSAL_PAUSE_MS;
    return isOther(await this.#waitFor(this.#renewed(), wait));
  }

  /** Asks no more; who waits is told that the access has changed. */
  close(): void {
    this.#closed.abort(
      credentialError(
        "The portal's access to the cluster was changed or removed meanwhile; try again",
      ),
    );
  }

  /** The answer to the question that runs, or to a new one. @throws at once after a failure of a moment ago */
  #renewed(): Promise<ClusterCredential> {
    if (this.#asking) return this.#asking;
    if (this.#failure && this.#now() < this.#failure.until) {
      return Promise.reject(this.#failure.error);
    }
    const asking = this.#askNow().finally(() => {
      this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #askNow(): Promise<ClusterCredential> {
    const late = new AbortController();
    const timer = setTimeout(
      () =>
        late.abort(
          credentialError(
            'A credential for the cluster could not be had in time',
          ),
        ),
      ASK_TIMEOUT_MS,
    );
    const signal = AbortSignal.any([this.#closed.signal, late.signal]);
    try {
      // Not every strategy looks at the signal.
      const credential = await untilAborted(this.#ask(signal), signal);
      this.#keep(credential);
      return credential;
    } catch (error) {
      const failure = error as Error;
      this.#failure = {
        error: failure,
        until: this.#now() + FAILURE_PAUSE_MS,
      };
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  #keep(credential: ClusterCredential) {
    const now = this.#now();
    const { expiresAt } = credential;
    const endsAt = expiresAt === undefined ? Infinity : Date.parse(expiresAt);
    if (endsAt <= now) {
      throw credentialError(
        'The credential for the cluster has ended before it was used; compare the clocks of the portal and of who issues it',
      );
    }
    const early = Math.min((endsAt - now) * RENEW_SHARE, RENEW_AT_MOST_MS);
    this.#kept = { credential, endsAt, renewAt: endsAt - early };
    this.#failure = undefined;
  }

  /** The one at hand is good for a while: nobody waits, and a failure is told by `problem`. */
  #renewAside() {
    this.#renewed().catch(() => undefined);
  }

  async #waitFor(
    asked: Promise<ClusterCredential>,
    { signal, timeoutMs = REQUEST_TIMEOUT_MS }: CredentialWait,
  ): Promise<ClusterCredential> {
    // Short of what the request may take, so that who waits is told what is missing.
    const credential = await within(
      signal ? untilAborted(asked, signal) : asked,
      timeoutMs * WAIT_SHARE,
    );
    if (credential) return credential;
    throw credentialError(
      'There is no credential for the cluster yet, since who issues it has not answered; try again in a moment',
    );
  }
}
