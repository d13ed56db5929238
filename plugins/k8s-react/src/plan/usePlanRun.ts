import { useApi } from '@backstage/frontend-plugin-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { K8sApiError } from '../data/K8sApiError';
import { newIdempotencyKey } from './idempotencyKey';
import type { ChangeOutcome, PlannedChange } from './PlannedChange';

/** Whether the back end has decided; else it is not known whether the change was made. */
function isDecided(error: Error): boolean {
  return error instanceof K8sApiError && error.status < 500;
}

/**
 * Makes a change. While it is not known whether it was made, trying again uses the same key, so that it is made at most once;
 * another input, or a refusal, gets a key of its own.
 */
export function usePlanRun(change: PlannedChange) {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const attempt = useRef<{ input: string; key: string }>();
  const input = JSON.stringify(change.input);

  return useMutation<ChangeOutcome, Error>({
    mutationFn: async () => {
      if (attempt.current?.input !== input) {
        attempt.current = { input, key: newIdempotencyKey() };
      }
      try {
        const { key } = attempt.current;
        return await change.run(api, { idempotencyKey: key });
      } catch (error) {
        if (isDecided(error as Error)) attempt.current = undefined;
        throw error;
      }
    },
    onSettled: () =>
      Promise.all(
        change.changes.map(queryKey => queries.invalidateQueries({ queryKey })),
      ),
  });
}

/** Whether an error leaves open whether the change was made. @public */
export function isUnsure(error: Error): boolean {
  return !isDecided(error);
}
