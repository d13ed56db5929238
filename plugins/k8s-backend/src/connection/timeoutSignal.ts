import { timeoutError } from '../errors/connectionErrors';

/** A signal that is aborted after the time, with the error for an API server that did not answer in time. */
export function timeoutSignal(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeoutError()), timeoutMs);
  timer.unref();
  return controller.signal;
}
