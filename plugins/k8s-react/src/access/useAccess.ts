import { useApi } from '@backstage/frontend-plugin-api';
import { useQueries } from '@tanstack/react-query';
import { k8sApiRef } from '../api/K8sApi';
import type { AccessDecision, AccessReview } from '../api/K8sApi';
import { queryKeys } from '../data/queryKeys';

/** Milliseconds that a decision is believed; the back end decides again at each change anyway. */
const BELIEVED_MS = 60_000;

/** Decisions in the order of the reviews; undefined until known. Equal reviews of a page are asked once. @public */
export function useAccess(
  reviews: readonly AccessReview[],
): (AccessDecision | undefined)[] {
  const api = useApi(k8sApiRef);
  return useQueries({
    queries: reviews.map(review => ({
      queryKey: queryKeys.access(review),
      queryFn: () => api.reviewAccess(review),
      staleTime: BELIEVED_MS,
    })),
    combine: results => results.map(result => result.data),
  });
}
