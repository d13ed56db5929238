import { isPageKey } from '@backstage-k8s/plugin-k8s-react';
import { useEffect } from 'react';

/** What `/` does, unless somebody is typing; it has to stay the same function. */
export function useSlash(search: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || !isPageKey(event)) return;
      event.preventDefault();
      search();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [search]);
}
