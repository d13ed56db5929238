/**
 * What API servers and the way to them answer, as errors for the caller: the one table between Kubernetes' statuses and
 * ours. A refusal of our own credential is never shown as the caller's: it is a fault of the cluster's registration.
 */
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { KubeIdentity } from '../connection/KubeIdentity';
import { withHints } from './answerHints';
import { redactSecrets } from './redactSecrets';
import { ContentTooLargeError, GoneError } from './statusErrors';
import { isUnreadableApply, withoutObject } from './unreadableObject';

/**
 * Why a request to a cluster failed.
 *
 * `answer`: the API server answered with `status`. `forbidden`: our credential lacks a right. `redirect`: it sent us
 * elsewhere. `address`: the address is not allowed. `name`: the host's name does not resolve. `tls`: no TLS can be spoken with
 * it. `certificate`: the server's certificate is not trusted. `credential`: ours cannot be decrypted. `refused`, `timeout`,
 * `network`: no answer. `circuit`: not tried, since it failed lately. `content`: the answer is not what the protocol allows.
 */
export type FailureCause =
  | 'answer'
  | 'forbidden'
  | 'redirect'
  | 'address'
  | 'name'
  | 'tls'
  | 'certificate'
  | 'credential'
  | 'refused'
  | 'timeout'
  | 'network'
  | 'circuit'
  | 'content';

/** What is known of a failed request besides its error's message. */
export interface ClusterFailure {
  cause: FailureCause;
  /** Of the API server's answer; absent: it did not answer. */
  status?: number;
  /** Word of Node or OpenSSL, e.g. `CERT_HAS_EXPIRED`. */
  code?: string;
}

const failures = new WeakMap<object, ClusterFailure>();

/** Gives an error what is known of the failure, and answers the error. */
export function withFailure<E extends Error>(
  error: E,
  failure: ClusterFailure,
): E {
  failures.set(error, failure);
  return error;
}

/** Why a request to a cluster failed; undefined for an error that has nothing to do with a cluster. */
export function clusterFailureOf(error: unknown): ClusterFailure | undefined {
  return typeof error === 'object' && error !== null
    ? failures.get(error)
    : undefined;
}

/** Whether no answer came at all: the kinds of failure that open a circuit. */
export function isConnectionFailure(error: unknown): boolean {
  const cause = clusterFailureOf(error)?.cause;
  return cause === 'refused' || cause === 'timeout' || cause === 'network';
}

/** An unsuccessful answer of an API server. */
export interface ErrorAnswer {
  status: number;
  /** Its body as text; a `Status` object where it is from Kubernetes. */
  body: string;
  /** Header `Retry-After`. */
  retryAfter?: string;
  /** Whom the request was sent as; absent: the portal itself. */
  as?: KubeIdentity;
}

/** The parts of Kubernetes' `Status` that are used. */
interface Status {
  message?: string;
  details?: {
    causes?: { field?: string; message?: string; reason?: string }[];
    retryAfterSeconds?: number;
  };
}

const MAX_MESSAGE_LENGTH = 1000;
const MAX_FIELDS = 20;
// RBAC's and the other authorizers' sentence; an admission plug-in's 403 (quota, pod security) has none of it.
const MISSING_RIGHT =
  /cannot (\S+) (?:resource|path) "([^"]+)"(?: in API group "([^"]*)")?(?:[^"]*in the namespace "([^"]+)")?/;
// Control characters, and marks that turn the direction of text: shown to people, they can make it read otherwise.
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** A message from elsewhere as one short printable line. */
export function plainMessage(text: string): string {
  return redactSecrets(text.replace(UNPRINTABLE, ' '), MAX_MESSAGE_LENGTH);
}

function parseStatus(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function messageOf(status: Status, fallback: string): string {
  return typeof status.message === 'string' && status.message
    ? plainMessage(withoutObject(status.message))
    : fallback;
}

function fieldsOf({ details }: Status) {
  const causes = Array.isArray(details?.causes) ? details.causes : [];
  return (
    causes
      // `patch` is no field: its message is all of the object.
      .filter(
        cause => typeof cause?.field === 'string' && cause.field !== 'patch',
      )
      .slice(0, MAX_FIELDS)
      .map(({ field, message }) => ({
        field: plainMessage(String(field)),
        message: plainMessage(String(message ?? '')),
      }))
  );
}

/** The error with the fields that the answer names, where it names any. */
function withFields(error: Error, status: Status): Error {
  const fields = fieldsOf(status);
  return fields.length > 0 ? withHints(error, { details: { fields } }) : error;
}

function inputError(status: Status): Error {
  const error = new InputError(
    messageOf(status, 'The API server refuses the request as not valid'),
  );
  return withFields(error, status);
}

function forbidden(status: Status, { as }: ErrorAnswer): Error {
  const message = messageOf(status, '');
  const right = MISSING_RIGHT.exec(message);
  if (!right) {
    return new NotAllowedError(
      message
        ? `The cluster does not admit this: ${message}`
        : 'The cluster does not admit this',
    );
  }
  const [, verb, resource, group, namespace] = right;
  const what = group ? `${resource}.${group}` : resource;
  const where = namespace ? ` in the namespace ${namespace}` : '';
  // The answer names who lacks the right: the caller, or the portal's own credential, which then may not impersonate.
  if (as && message.includes(`"${as.user}"`) && verb !== 'impersonate') {
    return new NotAllowedError(
      `The cluster's own rules do not let you ${verb} ${what}${where}. Whoever administers the cluster can bind a role to ${as.user}`,
    );
  }
  return new ServiceUnavailableError(
    `The cluster refuses the portal's credential: it may not ${verb} ${what}${where}. Whoever registered the cluster has to grant that right to it, or register another credential`,
  );
}

/** Seconds; absent when neither the header nor the body names a number. */
function retryAfterSeconds(
  answer: ErrorAnswer,
  status: Status,
): number | undefined {
  const { retryAfter = '' } = answer;
  // A header is a number of seconds, or a date, which proxies before API servers prefer.
  const named = [
    retryAfter === '' ? NaN : Number(retryAfter),
    (Date.parse(retryAfter) - Date.now()) / 1000,
    Number(status.details?.retryAfterSeconds ?? NaN),
  ].find(seconds => Number.isFinite(seconds));
  return named !== undefined && named > 0 ? Math.ceil(named) : undefined;
}

function unavailable(answer: ErrorAnswer, status: Status): Error {
  const prefix =
    answer.status === 429
      ? 'The API server is overloaded'
      : `The API server failed (${answer.status})`;
  const error = new ServiceUnavailableError(
    `${prefix}: ${messageOf(status, 'it gives no reason')}`,
  );
  const seconds = retryAfterSeconds(answer, status);
  return seconds === undefined
    ? error
    : withHints(error, { retryAfterSeconds: seconds });
}

/** The one table; statuses that are not in it are treated like their class. */
const BY_STATUS: Record<
  number,
  (status: Status, answer: ErrorAnswer) => Error
> = {
  400: inputError,
  401: () =>
    new ServiceUnavailableError(
      "The cluster refuses the portal's credential: it is not valid or no longer valid. Whoever registered the cluster has to give it a new one",
    ),
  403: forbidden,
  404: status =>
    new NotFoundError(messageOf(status, 'The cluster does not have this')),
  409: status =>
    withFields(
      new ConflictError(messageOf(status, 'It was changed meanwhile')),
      status,
    ),
  410: status =>
    new GoneError(
      messageOf(status, 'The API server no longer knows this version'),
    ),
  413: status =>
    new ContentTooLargeError(
      messageOf(status, 'The API server refuses the request as too large'),
    ),
  422: inputError,
  500: (status, answer) =>
    isUnreadableApply(status.message)
      ? inputError(status)
      : unavailable(answer, status),
  429: (status, answer) => unavailable(answer, status),
};

/** The error for an unsuccessful answer of an API server. */
export function answerError(answer: ErrorAnswer): Error {
  const status = parseStatus(answer.body);
  const known = BY_STATUS[answer.status];
  const byDefault = () =>
    answer.status < 500 ? inputError(status) : unavailable(answer, status);
  const error = known ? known(status, answer) : byDefault();
  const isRight =
    answer.status === 401 ||
    (answer.status === 403 && error.name === 'ServiceUnavailableError');
  return withFailure(error, {
    cause: isRight ? 'forbidden' : 'answer',
    status: answer.status,
  });
}
