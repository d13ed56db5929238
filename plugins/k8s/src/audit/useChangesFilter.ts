import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { FILTER_NAMES, toAuditFilter } from './auditFilter';
import type { FilterState } from './auditFilter';

/**
 * The filters of the changes, which live in the address.
 *
 * @param cluster - id of the only cluster; absent: any
 */
export function useChangesFilter(cluster?: string) {
  const [parameters, setParameters] = useSearchParams();
  // A preset ends when it was chosen or read again: a filter that moved with the clock would never be the same twice.
  const [now, setNow] = useState(() => Date.now());
  const address = parameters.toString();
  const state = useMemo(() => {
    const found = new URLSearchParams(address);
    const entries = FILTER_NAMES.map(name => [name, found.get(name) ?? '']);
    return {
      ...(Object.fromEntries(entries) as FilterState),
      ...(cluster && { cluster }),
    };
  }, [address, cluster]);
  const filter = useMemo(() => toAuditFilter(state, now), [state, now]);
  const change = useCallback(
    (changes: Partial<FilterState>) => {
      setNow(Date.now());
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          for (const [name, value] of Object.entries(changes)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParameters],
  );
  const clear = useCallback(
    () => change(Object.fromEntries(FILTER_NAMES.map(name => [name, '']))),
    [change],
  );
  const isFiltered = FILTER_NAMES.some(
    name => state[name] && !(name === 'cluster' && cluster),
  );
  const renew = useCallback(() => setNow(Date.now()), []);
  return { state, filter, change, clear, renew, isFiltered };
}
