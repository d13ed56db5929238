import type { ErrorAnswer } from '../errors/errorAnswer';

/** Kubernetes' words for why something failed, by HTTP status. */
const REASONS: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** An error as the Kubernetes API says it. */
export function statusAnswer({ status, body }: ErrorAnswer) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: body.error.message,
    ...(REASONS[status] && { reason: REASONS[status] }),
    code: status,
  };
}
