import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useMemo, useState } from 'react';

/** How a new object is written. */
export type CreateView = 'form' | 'yaml';

const KEY = 'view';

/** How somebody writes new objects; remembered, for it is a habit. */
export function useCreateView(): [CreateView, (view: CreateView) => void] {
  const storage = useApi(storageApiRef);
  const bucket = useMemo(() => storage.forBucket('k8s-create'), [storage]);
  const [view, setView] = useState(
    () => bucket.snapshot<CreateView>(KEY).value,
  );
  useEffect(() => {
    // What is kept by the back end of a portal is known a moment later.
    const subscription = bucket
      .observe$<CreateView>(KEY)
      .subscribe(snapshot => setView(snapshot.value));
    return () => subscription.unsubscribe();
  }, [bucket]);
  return [
    view === 'yaml' ? 'yaml' : 'form',
    next => {
      setView(next);
      bucket.set(KEY, next);
    },
  ];
}
