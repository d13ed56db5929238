import { useCallback, useEffect, useRef, useState } from 'react';

/** How a request that was sent from a form stands. */
export type SubmissionState<T> =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'done'; data: T }
  | { status: 'failed'; error: Error };

/** A request and its state. */
export interface Submission<T> {
  state: SubmissionState<T>;
  /** Takes back what runs and begins anew; resolves to the data, or undefined when it failed or was taken back. */
  submit: (work: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>;
  /** Takes back what runs and forgets its outcome. */
  reset: () => void;
}

/**
 * Sends a request whose body holds a credential. Queries and mutations keep what they were given for minutes in a cache of
 * the whole portal; this keeps nothing but the answer, and takes the request back when its page is left.
 */
export function useSubmission<T>(): Submission<T> {
  const [state, setState] = useState<SubmissionState<T>>({ status: 'idle' });
  const running = useRef<AbortController>();
  useEffect(() => () => running.current?.abort(), []);

  const reset = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState({ status: 'idle' });
  }, []);

  const submit = useCallback(
    async (work: (signal: AbortSignal) => Promise<T>) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState({ status: 'running' });
      try {
        const data = await work(controller.signal);
        if (controller.signal.aborted) return undefined;
        setState({ status: 'done', data });
        return data;
      } catch (error) {
        if (!controller.signal.aborted) {
          setState({ status: 'failed', error: error as Error });
        }
        return undefined;
      }
    },
    [],
  );
  return { state, submit, reset };
}
