import { useEffect } from 'react';
import type { RefObject } from 'react';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

/** Whether a key is meant for the page, not for a field, a dialog or the browser. */
export function isPageKey(event: KeyboardEvent): boolean {
  const { ctrlKey, metaKey, altKey, defaultPrevented, target } = event;
  return !(
    ctrlKey ||
    metaKey ||
    altKey ||
    defaultPrevented ||
    isTyping(target) ||
    isCovered()
  );
}

/** `/` goes to the search, `j` and `k` from row to row of the table. Rows are `tr[data-row]`. */
export function useTableKeys(
  table: RefObject<HTMLElement>,
  options: { enabled: boolean },
) {
  const { enabled } = options;
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (!isPageKey(event) || !table.current) return;
      if (event.key === '/') {
        event.preventDefault();
        table.current.querySelector<HTMLElement>('input')?.focus();
        return;
      }
      const step = { j: 1, k: -1 }[event.key];
      if (step === undefined) return;
      const rows = [
        ...table.current.querySelectorAll<HTMLElement>('tr[data-row]'),
      ];
      const current = rows.findIndex(row =>
        row.contains(document.activeElement),
      );
      const next = rows[current < 0 ? 0 : current + step];
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [table, enabled]);
}
