import { ServiceUnavailableError } from '@backstage/errors';
import { hintsOf } from './answerHints';
import { redactSecrets } from './redactSecrets';
import {
  INTERNAL_ERROR_STATUS,
  MethodNotAllowedError,
  statusOf,
} from './statusErrors';

/** An error as it goes to the caller, in Backstage's shape: without stack, cause or anything that a library said. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: {
    error: { name: string; message: string; details?: Record<string, unknown> };
    request: { id: string; method: string; url?: string };
    response: { statusCode: number };
  };
}

/** Seconds; when nothing better is known. */
const RETRY_AFTER_SECONDS = 5;
/** Characters; what is wrong with a manifest can take some words. */
const MESSAGE_LENGTH = 4000;

// Names and codes of what knex, pg and sockets throw when the database or another part of the portal is away.
const AWAY_NAMES = ['KnexTimeoutError', 'ResponseError', 'FetchError'];
const AWAY_CODES =
  /^(ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|57P0\d|08\w{3}|53\d{3}|SQLITE_(BUSY|CANTOPEN|IOERR)\w*)$/;

function isAway(error: Error): boolean {
  const { code } = error as Error & { code?: unknown };
  return (
    AWAY_NAMES.includes(error.name) ||
    (typeof code === 'string' && AWAY_CODES.test(code)) ||
    // What pg throws when the server closes the connection has neither name nor code.
    /^Connection terminated/.test(error.message)
  );
}

/** The message without the causes that Backstage's errors add to it: those come from libraries. */
function ownMessage(error: Error): string {
  return error.message.split('; caused by ', 1)[0];
}

/** The error that is answered for what was thrown: a failure of what we stand on becomes a ServiceUnavailableError. */
export function answerableError(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (statusOf(error) === undefined && isAway(error)) {
    return new ServiceUnavailableError(
      'A part of the portal that this needs does not answer; try again soon',
    );
  }
  return error;
}

/** What the caller gets for an error; `error` is best the outcome of {@link answerableError}. */
export function errorAnswer(
  error: Error,
  request: { id: string; method: string; path?: string },
): ErrorAnswer {
  const status = statusOf(error) ?? INTERNAL_ERROR_STATUS;
  const meant = status !== INTERNAL_ERROR_STATUS;
  const hints = hintsOf(error);
  const headers: Record<string, string> = {};
  const wait =
    hints.retryAfterSeconds ??
    (error.name === 'ServiceUnavailableError'
      ? RETRY_AFTER_SECONDS
      : undefined);
  if (wait !== undefined) headers['Retry-After'] = String(Math.ceil(wait));
  if (error instanceof MethodNotAllowedError) {
    headers.Allow = error.allowed.join(', ');
  }
  return {
    status,
    headers,
    body: {
      error: {
        name: meant ? error.name : 'InternalServerError',
        message: meant
          ? redactSecrets(ownMessage(error), MESSAGE_LENGTH)
          : `Something went wrong in the portal; its log says more under request ${request.id}`,
        ...(hints.details && { details: hints.details }),
      },
      request: { id: request.id, method: request.method, url: request.path },
      response: { statusCode: status },
    },
  };
}
