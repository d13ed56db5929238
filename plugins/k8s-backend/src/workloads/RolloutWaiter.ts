/**
 * Waits for a rollout, by watching its view. Three ways it can end:
 * - deployed: all replicas are of the new version and available;
 * - failed: it does not come about by itself: Kubernetes' progress deadline has passed, or the trouble is one that no further
 *   try mends (the registry answers that the image does not exist or may not be pulled, its name is not valid, the image
 *   lacks the program, an admission rule refuses the pods);
 * - pending: the time is up, the caller left, or the rollout is paused; the trouble so far is the reason. A missing ConfigMap, a
 *   crash loop, a full cluster or a used-up quota are pending: they pass when somebody or something else moves.
 * The change itself stays as it is in each case.
 */
import type {
  RequestContext,
  ResourceReader,
  ViewChange,
} from '@backstage-k8s/plugin-k8s-node';
import type { DeploymentPlace } from './DeploymentReader';
import { rolloutView } from './deploymentViews';
import type { RolloutRow } from './rolloutRow';
import type { DeploymentObject } from './WorkloadObjects';

/** How a rollout came out within the time. */
export interface RolloutOutcome {
  status: 'deployed' | 'pending' | 'failed';
  /** pending, failed: why. */
  reason?: string;
  /** The newest version of the deployment that was seen. */
  resourceVersion?: string;
}

/** A deployment that was written, as its view tells of it. */
class WatchedRollout {
  #row?: RolloutRow;
  #isGone = false;
  /** The next telling that is whole has all that there is; what is gone is not told as deleted. */
  #isReset = false;

  constructor(private readonly written: DeploymentObject) {}

  /** Undefined while it is not known. `isFinal`: it will not get further without somebody. */
  take(
    change: ViewChange,
  ): (RolloutOutcome & { isFinal: boolean }) | undefined {
    if (change.type === 'RESET') {
      this.#isReset = true;
      return undefined;
    }
    const isWhole = this.#isReset && change.cache.state !== 'syncing';
    if (isWhole) this.#isReset = false;
    const wasSeen = this.#row !== undefined;
    const rows = change.upserted.map(
      ({ json }): RolloutRow => JSON.parse(json),
    );
    const { uid, generation = 0 } = this.written.metadata;
    const row = rows.find(one => one.uid === uid);
    if (row) this.#row = row;
    // One of the same name may have taken its place; before it was seen that is one of before.
    else if (wasSeen) {
      this.#isGone = isWhole || rows.length > 0 || change.deleted.length > 0;
    }
    if (this.#isGone) {
      const reason = 'The deployment was deleted meanwhile.';
      return { status: 'failed', reason, isFinal: true };
    }
    if (!this.#row || this.#row.generation < generation) return undefined;
    const { rollout, hasFailed, resourceVersion } = this.#row;
    const { state, reason } = rollout;
    if (state === 'complete' || state === 'scaledDown') {
      return { status: 'deployed', resourceVersion, isFinal: true };
    }
    return {
      status: hasFailed ? 'failed' : 'pending',
      reason,
      resourceVersion,
      isFinal: hasFailed || state === 'paused',
    };
  }
}

/** Waits for rollouts. */
export class RolloutWaiter {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      timeoutMs: number;
    },
  ) {}

  /** How the rollout of a deployment that was just written came out; never throws for what goes wrong while waiting. */
  async wait(
    written: DeploymentObject,
    options: { place: DeploymentPlace; context: RequestContext },
  ): Promise<RolloutOutcome> {
    const { resources, timeoutMs } = this.options;
    const { place, context } = options;
    const timeUp = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.signal, timeUp]);
    const watched = new WatchedRollout(written);
    let latest: RolloutOutcome = {
      status: 'pending',
      reason: 'The cluster has not taken up the change yet.',
      resourceVersion: written.metadata.resourceVersion,
    };
    try {
      const changes = resources.watchView(rolloutView(place), {
        context: { ...context, signal },
      });
      for await (const change of changes) {
        const outcome = watched.take(change);
        if (!outcome) continue;
        const { isFinal, ...rest } = outcome;
        latest = rest;
        if (isFinal) return latest;
      }
    } catch {
      // The change is made; that its rollout cannot be watched any longer makes it neither done nor failed.
      const reason = 'The rollout cannot be watched at the moment.';
      return { ...latest, status: 'pending', reason: latest.reason ?? reason };
    }
    return latest.status === 'pending'
      ? latest
      : { ...latest, status: 'pending' };
  }
}
