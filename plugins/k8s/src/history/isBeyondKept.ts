import type { HistoryEntry } from './HistoryEntry';

/**
 * Whether a value differs where nothing of it is kept: a long text is kept by its beginning, and what may be a secret as a word in
 * its place. Both states then look alike, and showing them would say that nothing changed.
 */
export function isBeyondKept(change: HistoryEntry['changes'][number]): boolean {
  return (
    !change.hidden &&
    'before' in change &&
    'after' in change &&
    JSON.stringify(change.before) === JSON.stringify(change.after)
  );
}
