import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** An answer as it is stored. */
export interface StoredAnswer {
  status: number;
  headers?: Record<string, string>;
  /** JSON. */
  body: unknown;
  /** It is no last word although its status is: parts of the work have to be tried again. Never stored. */
  isProvisional?: boolean;
}

/** A request with an `Idempotency-Key`. */
export interface KeyedRequest {
  key: string;
  /** What makes two requests equal; any text. */
  fingerprint: string;
}

/** Makes a request that is sent several times, to any instance, have one effect. */
export interface IdempotencyKeys {
  /**
   * Does the work, or answers what it answered before. Successes and what is wrong with the request itself are kept; what may
   * come out differently next time (5xx, 401, 403, 404, 409, 429, what is provisional) is done again, with
   * `context.idempotency.resumed` set; after 404 and 409 as if it had never been tried, since nothing can have come of it.
   *
   * @param work - gets the context to work with (`context.idempotency` is set; its signal ends when another instance took
   * over) and answers errors too
   * @throws ConflictError (with Retry-After) while an equal request is running (not a refusal: `context.audit.recorded` is
   * set, that request has its own entry), UnprocessableContentError when the key was
   * used for another request, ServiceUnavailableError when the database does not answer; the work is not done then
   */
  run(
    request: KeyedRequest,
    context: RequestContext,
    work: (context: RequestContext) => Promise<StoredAnswer>,
  ): Promise<StoredAnswer>;
}
