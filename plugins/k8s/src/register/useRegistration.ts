import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  isUnsure,
  k8sApiRef,
  newIdempotencyKey,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { AccessDraft } from './AccessDraft';
import { accessOf } from './AccessDraft';
import { registrationOf } from './DetailsDraft';
import type { DetailsDraft } from './DetailsDraft';
import { useSubmission } from './useSubmission';

/** Tries access to a cluster; stores nothing. */
export function useCheck() {
  const { client } = useApi(k8sApiRef);
  const { state, submit, reset } = useSubmission<Schema<'ClusterCheck'>>();
  const check = useCallback(
    (draft: AccessDraft) =>
      submit(async signal =>
        unwrap(
          await client.POST('/cluster-checks', {
            body: accessOf(draft),
            signal,
          }),
        ),
      ),
    [client, submit],
  );
  return { state, check, reset };
}

/** Registers a cluster; tried again while it is not known whether it was, it is registered at most once. */
export function useRegistration() {
  const { client } = useApi(k8sApiRef);
  const queries = useQueryClient();
  const { state, submit, reset } = useSubmission<Schema<'Cluster'>>();
  const key = useRef<string>();
  const register = useCallback(
    (draft: AccessDraft, details: DetailsDraft) =>
      submit(async signal => {
        key.current ??= newIdempotencyKey();
        try {
          const cluster = unwrap(
            await client.POST('/clusters', {
              params: { header: { 'Idempotency-Key': key.current } },
              body: { ...accessOf(draft), ...registrationOf(details) },
              signal,
            }),
          );
          key.current = undefined;
          queries.invalidateQueries({ queryKey: queryKeys.clusters });
          return cluster;
        } catch (error) {
          if (!isUnsure(error as Error)) key.current = undefined;
          throw error;
        }
      }),
    [client, queries, submit],
  );
  // What is edited is another request and gets a key of its own.
  const forget = useCallback(() => {
    key.current = undefined;
    reset();
  }, [reset]);
  return { state, register, forget };
}
