import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useMemo, useState } from 'react';
import type { ResourceColumn } from './ResourceColumn';

/** The columns that are shown, as the user last chose them for this table, and how to choose others. */
export function useChosenColumns<R>(
  tableId: string,
  columns: readonly ResourceColumn<R>[],
): {
  shown: ResourceColumn<R>[];
  choose: (ids: readonly string[]) => void;
} {
  const storage = useApi(storageApiRef);
  const bucket = useMemo(() => storage.forBucket('k8s-columns'), [storage]);
  const [chosen, setChosen] = useState(
    () => bucket.snapshot<string[]>(tableId).value,
  );
  useEffect(() => {
    const subscription = bucket
      .observe$<string[]>(tableId)
      .subscribe(snapshot => setChosen(snapshot.value));
    return () => subscription.unsubscribe();
  }, [bucket, tableId]);

  const shown = useMemo(() => {
    const known = chosen?.filter(id => columns.some(one => one.id === id));
    return columns.filter(column =>
      known?.length ? known.includes(column.id) : !column.optional,
    );
  }, [columns, chosen]);
  return {
    shown,
    choose: ids => {
      // The first column says what a row is.
      const next = [...new Set([columns[0].id, ...ids])];
      setChosen(next);
      bucket.set(tableId, next);
    },
  };
}
