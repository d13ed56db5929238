import { setTimeout as wait } from 'node:timers/promises';
import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import { dataOf } from '../client/dataOf';

/** A deployment that was just written. */
export interface WrittenDeployment {
  /** Cluster. */
  id: string;
  namespace: string;
  name: string;
  resourceVersion?: string;
}

/** How far a rollout came. */
export interface RolloutOutcome {
  status: 'deployed' | 'pending';
  rollout: Schema<'Rollout'>;
}

const DONE = ['complete', 'scaledDown'];

/**
 * Looks at a deployment until its rollout is done, paused, or the time is up.
 *
 * @param options - `timeoutMs`: 0, look once; `pollMs`: between two looks
 */
export async function rolloutOutcome(
  client: K8sClient,
  written: WrittenDeployment,
  options: { timeoutMs: number; pollMs: number; signal?: AbortSignal },
): Promise<RolloutOutcome> {
  const { resourceVersion, ...path } = written;
  const { pollMs, signal } = options;
  let leftMs = options.timeoutMs;
  for (;;) {
    const { rollout } = dataOf(
      await client.GET('/clusters/{id}/deployments/{namespace}/{name}', {
        params: { path, query: { minimumVersion: resourceVersion } },
      }),
    );
    if (DONE.includes(rollout.state)) return { status: 'deployed', rollout };
    if (rollout.state === 'paused' || leftMs <= 0) {
      return { status: 'pending', rollout };
    }
    await wait(pollMs, undefined, { signal });
    leftMs -= pollMs;
  }
}
