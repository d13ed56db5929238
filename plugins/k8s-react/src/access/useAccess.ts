import { useApi } from '@backstage/frontend-plugin-api';
import { useQueries } from '@tanstack/react-query';
import { k8sApiRef } from '../api/K8sApi';
import type { AccessDecision, AccessReview } from '../api/K8sApi';
import { queryKeys } from '../data/queryKeys';

/** Milliseconds that a decision is believed; the back end decides again at each change anyway. */
const BELIEVED_MS = 60_000;

/** What is known of one's rights. @public */
export interface Access {
  /** In the order of the reviews; undefined until known. */
  decisions: (AccessDecision | undefined)[];
  /** Why one of them could not be had; absent while it is asked for again. */
  error?: Error;
  /** Asks again for what could not be had. */
  retry: () => void;
}

/** One's rights to each of the reviews. Equal reviews of a page are asked once. @public */
export function useAccess(reviews: readonly AccessReview[]): Access {
  const api = useApi(k8sApiRef);
  return useQueries({
    queries: reviews.map(review => ({
      queryKey: queryKeys.access(review),
      queryFn: () => api.reviewAccess(review),
      staleTime: BELIEVED_MS,
    })),
    combine: results => ({
      decisions: results.map(({ data }) => data),
      // A decision that is known is believed even when it could not be had again.
      error: results.find(({ isLoadingError }) => isLoadingError)?.error as
        | Error
        | undefined,
      retry: () =>
        results
          .filter(({ isLoadingError }) => isLoadingError)
          .forEach(({ refetch }) => refetch()),
    }),
  });
}
