import { useEffect } from 'react';
import type { RefObject } from 'react';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('[contenteditable]') !== null ||
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

/** Whether a key is meant for the page, not for a field, a dialog or the browser. @public */
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

/**
 * `f` goes to the filter of the table (`/` is the search over all clusters); from there Enter goes to the first row and Esc away.
 * `j` and `k` go from row to row. Rows are `tr[data-row]`.
 */
export function useTableKeys(
  table: RefObject<HTMLElement>,
  options: { enabled: boolean },
) {
  const { enabled } = options;
  useEffect(() => {
    const root = table.current;
    if (!enabled || !root) return undefined;
    const search = () => root.querySelector<HTMLElement>('input');
    const rows = () => [...root.querySelectorAll<HTMLElement>('tr[data-row]')];
    const onKey = (event: KeyboardEvent) => {
      if (event.target === search()) {
        if (event.key === 'Enter') rows()[0]?.focus();
        if (event.key === 'Escape') search()?.blur();
        return;
      }
      if (!isPageKey(event)) return;
      if (event.key === 'f') {
        event.preventDefault();
        search()?.focus();
        return;
      }
      const step = { j: 1, k: -1 }[event.key];
      if (step === undefined) return;
      const all = rows();
      const current = all.findIndex(row =>
        row.contains(document.activeElement),
      );
      all[current < 0 ? 0 : current + step]?.focus();
    };
    // On the way down: fields keep some keys to themselves on the way up.
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [table, enabled]);
}
