import { useState } from 'react';

/** How a new object is written. */
export type CreateView = 'form' | 'yaml';

const KEY = 'k8s.create.view';

/** How somebody writes new objects; remembered, for it is a habit. */
export function useCreateView(): [CreateView, (view: CreateView) => void] {
  const [view, setView] = useState<CreateView>(() =>
    window.localStorage.getItem(KEY) === 'yaml' ? 'yaml' : 'form',
  );
  return [
    view,
    next => {
      setView(next);
      window.localStorage.setItem(KEY, next);
    },
  ];
}
