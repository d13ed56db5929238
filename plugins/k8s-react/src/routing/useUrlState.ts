import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * A part of the page's state that lives in its address. The empty string stands for absence.
 *
 * @param options - `push`: back undoes a change; otherwise it replaces the entry of the history
 * @public
 */
export function useUrlState(
  name: string,
  options: { push?: boolean } = {},
): [value: string, set: (value: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const { push } = options;
  const set = useCallback(
    (value: string) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: !push },
      ),
    [name, push, setParameters],
  );
  return [parameters.get(name) ?? '', set];
}
