/** What an error's answer says besides its message. */
export interface AnswerHints {
  /** When it is worth another try; becomes the header `Retry-After`. */
  retryAfterSeconds?: number;
  /** For programs, e.g. the list of what stands in the way; becomes `error.details`. Never secrets. */
  details?: Record<string, unknown>;
}

const hints = new WeakMap<Error, AnswerHints>();

/** Gives an error hints for its answer, and answers the error. */
export function withHints<E extends Error>(error: E, added: AnswerHints): E {
  hints.set(error, { ...hints.get(error), ...added });
  return error;
}

/** The hints that an error was given; empty when none. */
export function hintsOf(error: Error): AnswerHints {
  return hints.get(error) ?? {};
}
