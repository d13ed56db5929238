import { useEffect, useRef, useState } from 'react';

/** Milliseconds that a changed row says so. */
const SHOWN_MS = 2_500;

/** The keys of rows that have just changed. What is there at first is not a change. */
export function useChangedRows<R>(
  rows: readonly R[],
  options: {
    rowKey: (row: R) => string;
    signature?: (row: R) => string;
    /** The rows are a part of a longer list, another one whenever it is scrolled. */
    isPart?: boolean;
  },
): ReadonlySet<string> {
  const { rowKey, signature, isPart } = options;
  const known = useRef(new Map<string, string>());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (!signature) return;
    const before = known.current;
    const now = new Map(rows.map(row => [rowKey(row), signature(row)]));
    known.current = now;
    if (before.size === 0) return;
    const keys = [...now.keys()].filter(
      key => before.get(key) !== now.get(key) && (!isPart || before.has(key)),
    );
    if (keys.length > 0) setChanged(new Set(keys));
  }, [rows, rowKey, signature, isPart]);

  useEffect(() => {
    if (changed.size === 0) return undefined;
    const timer = setTimeout(() => setChanged(new Set()), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [changed]);

  return changed;
}
