import {
  ConflictError,
  InputError,
  isError,
  NotAllowedError,
  NotFoundError,
  NotImplementedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { hintsOf, withHints } from '../../errors/answerHints';
import { ContentTooLargeError, GoneError } from '../../errors/statusErrors';
import type { PlainError } from './protocol';

const CLASSES: Record<string, new (message: string) => Error> = {
  ConflictError,
  ContentTooLargeError,
  GoneError,
  InputError,
  NotAllowedError,
  NotFoundError,
  NotImplementedError,
  ServiceUnavailableError,
};

/** An error as data, to be thrown in another thread. */
export function toPlainError(error: unknown): PlainError {
  if (!isError(error)) return { name: 'Error', message: 'Unknown' };
  const { retryAfterSeconds } = hintsOf(error);
  return {
    name: error.name,
    message: error.message,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** The error that was thrown in another thread; of the same class, where it was meant to be answered. */
export function fromPlainError(plain: PlainError): Error {
  const { name, message, retryAfterSeconds } = plain;
  const Class = Object.hasOwn(CLASSES, name) ? CLASSES[name] : Error;
  const error = new Class(message);
  return retryAfterSeconds === undefined
    ? error
    : withHints(error, { retryAfterSeconds });
}
