import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/** Who asks. @public */
export interface Principal {
  type: 'user' | 'service' | 'system' | 'anonymous';
  /** Entity reference of a user, subject of a service, `system` for work of our own, or `anonymous`. */
  ref: string;
}

/**
 * What every layer may know of the request that it works for.
 *
 * @public
 */
export interface RequestContext {
  readonly credentials: BackstageCredentials;
  readonly principal: Principal;
  /** Written to the audit and to logs; unique per request. */
  readonly requestId: string;
  /** Aborted when the caller went away or the request took too long. */
  readonly signal: AbortSignal;
  /**
   * Present when the caller sent an `Idempotency-Key`. `marker` is written on changed objects, so that with `resumed`
   * (an earlier attempt ended without an answer) a layer can see in the cluster whether that attempt took effect.
   */
  readonly idempotency?: { readonly marker: string; readonly resumed: boolean };
  /**
   * Present in work that goes on, such as a stream, whose owner looks at the caller's rights again every few seconds and ends or
   * reopens it when they differ: layers need not look for themselves. `since`: decisions from before then do not count; in
   * milliseconds of `performance.now()`.
   */
  readonly rights?: { readonly since: number };
  /** Set by the first audit entry of the request; the edge records refusals that nothing else has recorded. */
  readonly audit: { recorded: boolean };
}
