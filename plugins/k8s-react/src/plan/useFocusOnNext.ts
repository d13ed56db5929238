import { useEffect, useRef } from 'react';

/**
 * Moves the focus, whenever `stage` is another one, to what comes next in a form: a field, else what is to be read, else the
 * last button.
 */
export function useFocusOnNext(stage: string) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const find = (selector: string) =>
      form.current?.querySelector<HTMLElement>(selector);
    const next =
      find('input:not([role="switch"]), textarea') ??
      find('[role="group"][tabindex="0"]') ??
      [...(form.current?.querySelectorAll('button') ?? [])].at(-1);
    next?.focus();
    if (next instanceof HTMLInputElement && next.type === 'text') {
      next.setSelectionRange(next.value.length, next.value.length);
    }
  }, [stage]);
  return form;
}
