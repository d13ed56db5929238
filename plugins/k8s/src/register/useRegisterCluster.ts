import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  isUnsure,
  k8sApiRef,
  newIdempotencyKey,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { toRegistration } from './clusterDetails';
import type { ClusterDetails } from './clusterDetails';

interface Registration {
  access: Schema<'ClusterAccess'>;
  details: ClusterDetails;
}

/**
 * Registers a cluster. A try whose outcome is not known is repeated with the same key, so that it is registered at most once.
 * Nothing of it is kept when the page is left.
 */
export function useRegisterCluster() {
  const { client } = useApi(k8sApiRef);
  const queries = useQueryClient();
  const key = useRef<string>();
  const { mutate, reset, isPending, error } = useMutation<
    Schema<'Cluster'>,
    Error,
    Registration
  >({
    gcTime: 0,
    mutationFn: async ({ access, details }) => {
      key.current ??= newIdempotencyKey();
      try {
        return unwrap(
          await client.POST('/clusters', {
            params: { header: { 'Idempotency-Key': key.current } },
            body: { ...access, ...toRegistration(details) },
          }),
        );
      } catch (failure) {
        // Decided: the next try is another request.
        if (!isUnsure(failure as Error)) key.current = undefined;
        throw failure;
      }
    },
    onSuccess: () => {
      key.current = undefined;
      return queries.invalidateQueries({ queryKey: queryKeys.clusters });
    },
  });
  // What is edited is another request too.
  const forget = useCallback(() => {
    key.current = undefined;
    reset();
  }, [reset]);
  return { mutate, forget, isPending, error };
}
