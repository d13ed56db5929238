import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { k8sApiRef, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useMutation } from '@tanstack/react-query';

/** Tries an access step by step. Neither it nor the answer is kept when the page is left. */
export function useClusterCheck() {
  const { client } = useApi(k8sApiRef);
  return useMutation<Schema<'ClusterCheck'>, Error, Schema<'ClusterAccess'>>({
    gcTime: 0,
    mutationFn: async body =>
      unwrap(await client.POST('/cluster-checks', { body })),
  });
}

/** A check and how it stands. */
export type ClusterCheckRun = ReturnType<typeof useClusterCheck>;
