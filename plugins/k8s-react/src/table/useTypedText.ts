import { useEffect, useRef, useState } from 'react';

/** Milliseconds after the last key in which the server is not asked yet. */
const TYPING_MS = 250;

/**
 * A text that is written at once and passed on when the typing stops.
 *
 * @param value - what was passed on last; another one, e.g. of the address, is taken over
 * @public
 */
export function useTypedText(
  value: string,
  pass: ((value: string) => void) | undefined,
): [typed: string, setTyped: (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const passed = useRef(value);
  useEffect(() => {
    if (value !== passed.current) {
      passed.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === passed.current) return undefined;
    const timer = setTimeout(() => {
      passed.current = typed;
      pass?.(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, pass]);
  return [typed, setTyped];
}
