import { useApi } from '@backstage/frontend-plugin-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { K8sApiError } from '../data/K8sApiError';
import { newIdempotencyKey } from './idempotencyKey';
import type { ChangeOutcome, PlannedChange } from './PlannedChange';

/** Clusters that a change is made on at the same time. */
const AT_ONCE = 8;

/** Whether the back end has decided; else it is not known whether the change was made. */
function isDecided(error: Error): boolean {
  return error instanceof K8sApiError && error.status < 500;
}

/** How far a change is on one of many clusters; absent from the map: not begun. */
export type ClusterRun =
  | { state: 'running' }
  | { state: 'done'; outcome: ChangeOutcome }
  | { state: 'failed'; error: Error };

/** Not every cluster was changed; which, the runs say. */
class NotEverywhereError extends Error {}

/**
 * Makes a change. While it is not known whether it was made, trying again uses the same key, so that it is made at most once;
 * another input, or a refusal, gets a key of its own. On many clusters each is changed by itself, and what is tried again are
 * those that were not changed.
 */
export function usePlanRun(change: PlannedChange) {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const attempts = useRef(new Map<string, { input: string; key: string }>());
  const [runs, setRuns] = useState<ReadonlyMap<string, ClusterRun>>(new Map());
  const input = JSON.stringify(change.input);

  /** @param target - what has a key of its own */
  const attempt = async (
    target: string,
    work: (idempotencyKey: string) => Promise<ChangeOutcome>,
  ) => {
    const known = attempts.current.get(target);
    const { key } =
      known?.input === input ? known : { key: newIdempotencyKey() };
    attempts.current.set(target, { input, key });
    try {
      return await work(key);
    } catch (error) {
      if (isDecided(error as Error)) attempts.current.delete(target);
      throw error;
    }
  };

  const runOn = async (cluster: string): Promise<boolean> => {
    const tell = (run: ClusterRun) =>
      setRuns(known => new Map(known).set(cluster, run));
    tell({ state: 'running' });
    try {
      const outcome = await attempt(cluster, idempotencyKey =>
        change.everywhere!.run(api, { cluster, idempotencyKey }),
      );
      tell({ state: 'done', outcome });
      return true;
    } catch (error) {
      tell({ state: 'failed', error: error as Error });
      return false;
    }
  };

  const mutation = useMutation<
    ChangeOutcome,
    Error,
    /** Ids; absent: on the change's own target. */
    readonly string[] | undefined
  >({
    mutationFn: async clusters => {
      if (!clusters) {
        return attempt('', idempotencyKey =>
          change.run(api, { idempotencyKey }),
        );
      }
      const left = clusters.filter(one => runs.get(one)?.state !== 'done');
      let isEverywhere = true;
      const queue = left.values();
      const worker = async () => {
        // Shared by the workers: each takes the next one.
        for (const cluster of queue) {
          if (!(await runOn(cluster))) isEverywhere = false;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      if (!isEverywhere) throw new NotEverywhereError();
      return { status: 'done' };
    },
    onSettled: () =>
      Promise.all(
        change.changes.map(queryKey => queries.invalidateQueries({ queryKey })),
      ),
  });
  return {
    ...mutation,
    runs,
    reset: () => {
      setRuns(new Map());
      mutation.reset();
    },
  };
}

/** How a change goes; what {@link usePlanRun} gives. */
export type PlanRun = ReturnType<typeof usePlanRun>;

/** Whether an error leaves open whether the change was made. @public */
export function isUnsure(error: Error): boolean {
  return !isDecided(error);
}
