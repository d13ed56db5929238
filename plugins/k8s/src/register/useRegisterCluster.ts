import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  K8sApiError,
  k8sApiRef,
  newIdempotencyKey,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { ClusterDetails } from './DetailsForm';

interface Registration {
  access: Schema<'ClusterAccess'>;
  details: ClusterDetails;
}

function isAboutName(error: Error | null): boolean {
  return error instanceof K8sApiError && /\bname\b/i.test(error.message);
}

/**
 * Registers a cluster; what the server says against the name is told apart, for its field. A try whose outcome is not known is
 * repeated with the same key.
 */
export function useRegisterCluster() {
  const { client } = useApi(k8sApiRef);
  const queries = useQueryClient();
  const key = useRef<string>();
  const mutation = useMutation<Schema<'Cluster'>, Error, Registration>({
    gcTime: 0,
    mutationFn: async ({ access, details }) => {
      key.current ??= newIdempotencyKey();
      const labels = Object.entries(details.labels).filter(([, value]) => value);
      try {
        return unwrap(
          await client.POST('/clusters', {
            params: { header: { 'Idempotency-Key': key.current } },
            body: {
              ...access,
              name: details.name.trim(),
              labels: Object.fromEntries(labels),
              owner: details.owner || undefined,
              protected: details.protected,
            },
          }),
        );
      } catch (error) {
        // Decided: the next try is another request.
        if (error instanceof K8sApiError && error.status < 500) {
          key.current = undefined;
        }
        throw error;
      }
    },
    onSuccess: () =>
      queries.invalidateQueries({ queryKey: queryKeys.clusters }),
  });
  const { mutate, isPending, error } = mutation;
  return {
    mutate,
    isPending,
    nameError: isAboutName(error) ? error?.message : undefined,
    problem: error && !isAboutName(error) ? error.message : undefined,
  };
}
