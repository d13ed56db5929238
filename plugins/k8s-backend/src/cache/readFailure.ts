import { isError } from '@backstage/errors';
import { hintsOf } from '../errors/answerHints';
import { clusterFailureOf, plainMessage } from '../errors/clusterErrors';
import { statusOf } from '../errors/statusErrors';
import { withoutObject } from '../errors/unreadableObject';
import { GarbageError } from './LineSplitter';

/** The API server's version is behind ours: its etcd was restored from an older state. */
export class BackwardsError extends Error {
  name = 'BackwardsError' as const;
}

/** A watch said nothing for longer than its bookmarks allow. */
export class SilenceError extends Error {
  name = 'SilenceError' as const;
}

/** A watch said with an ERROR event that it failed. */
export class WatchFailedError extends Error {
  name = 'WatchFailedError' as const;
  readonly status: unknown;

  /** @param status - the `Status` of the event, unchecked */
  constructor(status: unknown) {
    super('The watch failed');
    this.status = status;
  }
}

/**
 * Why reading a kind failed, and what helps.
 *
 * `gone`: our version is too old for a watch, or our place in a list is lost. `garbage`: what arrived is not what the protocol
 * allows. `backwards`: the cluster is older than what we have. `silent`: a watch went quiet. `refused`: the cluster does not
 * have the kind, or our credential may not read it. `passing`: the network or the API server failed.
 */
export interface ReadFailure {
  type: 'gone' | 'garbage' | 'backwards' | 'silent' | 'refused' | 'passing';
  /** For people. */
  message: string;
  /** refused: the cluster does not have the kind. */
  isAbsent?: boolean;
  /** How long the API server asks to be left alone. */
  retryAfterMs?: number;
}

const TOO_LARGE = /too large resource version/i;
const REFUSALS = new Set([400, 401, 403, 404, 405]);
const ABSENT = 404;
const GONE = 410;

/** Tells what a failed read means. */
export function readFailureOf(error: unknown): ReadFailure {
  if (error instanceof GarbageError) {
    return { type: 'garbage', message: error.message };
  }
  if (error instanceof SilenceError) {
    return { type: 'silent', message: error.message };
  }
  if (error instanceof WatchFailedError) return failureOfStatus(error.status);
  if (!(error instanceof Error)) {
    return { type: 'passing', message: 'The cluster cannot be reached' };
  }
  const { message } = error;
  if (error instanceof BackwardsError || TOO_LARGE.test(message)) {
    return { type: 'backwards', message };
  }
  const status = clusterFailureOf(error)?.status ?? statusOf(error);
  if (status === GONE) return { type: 'gone', message };
  if (status !== undefined && REFUSALS.has(status)) {
    return { type: 'refused', message, isAbsent: status === ABSENT };
  }
  const { retryAfterSeconds } = hintsOf(error);
  const retryAfterMs =
    retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
  return { type: 'passing', message: reasonOf(error), retryAfterMs };
}

/** Why something failed, for people. */
export function reasonOf(error: unknown): string {
  return isError(error) ? error.message : 'The cluster cannot be reached';
}

/** The `Status` of an ERROR event. */
interface WatchStatus {
  code?: number;
  message?: string;
  details?: { retryAfterSeconds?: number };
}

function failureOfStatus(status: unknown): ReadFailure {
  const { code, message, details } = (status ?? {}) as WatchStatus;
  const text =
    typeof message === 'string'
      ? plainMessage(withoutObject(message))
      : 'The watch failed';
  if (code === GONE) return { type: 'gone', message: text };
  if (TOO_LARGE.test(text)) return { type: 'backwards', message: text };
  if (code !== undefined && REFUSALS.has(code)) {
    return { type: 'refused', message: text, isAbsent: code === ABSENT };
  }
  const seconds = details?.retryAfterSeconds;
  return {
    type: 'passing',
    message: text,
    retryAfterMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
  };
}
