/**
 * Errors for the HTTP statuses that `@backstage/errors` has no class for. The only file with status numbers.
 */
import { CustomErrorBase } from '@backstage/errors';

/** It was there and is not any more, e.g. the place in a list that a `continue` token points at. */
export class GoneError extends CustomErrorBase {
  name = 'GoneError' as const;
  readonly statusCode = 410;
}

/** The request's body is larger than the route takes. */
export class ContentTooLargeError extends CustomErrorBase {
  name = 'ContentTooLargeError' as const;
  readonly statusCode = 413;
}

/** The request is well-formed but contradicts an earlier one. */
export class UnprocessableContentError extends CustomErrorBase {
  name = 'UnprocessableContentError' as const;
  readonly statusCode = 422;
}

/** The caller has too much open at once. */
export class TooManyRequestsError extends CustomErrorBase {
  name = 'TooManyRequestsError' as const;
  readonly statusCode = 429;
}

/** The path exists, but not with this method. */
export class MethodNotAllowedError extends CustomErrorBase {
  name = 'MethodNotAllowedError' as const;
  readonly statusCode = 405;
  readonly allowed: readonly string[];

  /** @param allowed - the methods that the path has */
  constructor(allowed: readonly string[]) {
    super(`This path takes only ${allowed.join(', ')}`);
    this.allowed = allowed;
  }
}

const STATUS_BY_NAME: Record<string, number> = {
  InputError: 400,
  AuthenticationError: 401,
  NotAllowedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  NotImplementedError: 501,
  ServiceUnavailableError: 503,
};

/**
 * The HTTP status that an error is answered with, or undefined for an error that nobody meant to be answered: its message
 * may hold anything.
 */
export function statusOf(error: Error): number | undefined {
  if (
    error instanceof GoneError ||
    error instanceof ContentTooLargeError ||
    error instanceof UnprocessableContentError ||
    error instanceof TooManyRequestsError ||
    error instanceof MethodNotAllowedError
  ) {
    return error.statusCode;
  }
  return STATUS_BY_NAME[error.name];
}

/** The status of an error that nobody meant to be answered. */
export const INTERNAL_ERROR_STATUS = 500;
/** The status of every success. */
export const SUCCESS_STATUS = 200;
