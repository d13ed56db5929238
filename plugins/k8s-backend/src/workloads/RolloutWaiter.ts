/**
 * Waits for a rollout, by watching. Three ways it can end:
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
  ResourceChange,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { watchTogether } from '../live/watchTogether';
import type { WatchSource } from '../live/watchTogether';
import type { DeploymentPlace } from './DeploymentReader';
import { DEPLOYMENTS, EVENTS, PODS, REPLICA_SETS } from './ResourceKinds';
import { rolloutState } from './rollout';
import { selectorText } from './selectorText';
import { WorkloadIndex } from './WorkloadIndex';
import type { PartKind } from './WorkloadIndex';
import type { DeploymentObject } from './WorkloadObjects';

/** How a rollout came out within the time. */
export interface RolloutOutcome {
  status: 'deployed' | 'pending' | 'failed';
  /** pending, failed: why. */
  reason?: string;
  /** The newest version of the deployment that was seen. */
  resourceVersion?: string;
}

/** Gathering is short here: somebody waits for the answer. */
const COALESCE_MS = 25;

/** The deployment and its parts as the watches tell them. */
class WatchedDeployment {
  readonly sources: WatchSource[];
  private deployment?: DeploymentObject;
  private isGone = false;
  private index = new WorkloadIndex();

  constructor(
    private readonly written: DeploymentObject,
    place: DeploymentPlace,
  ) {
    const { cluster, namespace, name } = place;
    const labelSelector = selectorText(written.spec?.selector);
    const part = (kind: typeof PODS, plural: PartKind, selector?: string) => ({
      query: { ...kind, cluster, namespace, labelSelector: selector },
      isOptional: true,
      onChange: (change: ResourceChange) => this.takePart(plural, change),
    });
    this.sources = [
      {
        query: { ...DEPLOYMENTS, cluster, namespace },
        onChange: change => this.take(name, change),
      },
      part(REPLICA_SETS, 'replicasets', labelSelector),
      part(PODS, 'pods', labelSelector),
      part(EVENTS, 'events'),
    ];
  }

  /** Undefined while the rollout goes on. `isFinal`: it will not get further without somebody. */
  outcome(now: number): (RolloutOutcome & { isFinal: boolean }) | undefined {
    if (this.isGone) {
      const reason = 'The deployment was deleted meanwhile.';
      return { status: 'failed', reason, isFinal: true };
    }
    const { deployment } = this;
    const generation = this.written.metadata.generation ?? 0;
    if ((deployment?.metadata.generation ?? -1) < generation) return undefined;
    const parts = this.index.partsOf(deployment!);
    const { rollout, hasFailed } = rolloutState(deployment!, { ...parts, now });
    const { resourceVersion } = deployment!.metadata;
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

  private take(name: string, change: ResourceChange): void {
    if (!('object' in change) || change.object.metadata.name !== name) return;
    const { uid } = change.object.metadata;
    if (uid !== this.written.metadata.uid) return;
    if (change.type === 'DELETED') this.isGone = true;
    else this.deployment = change.object;
  }

  private takePart(kind: PartKind, change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const object of this.index.all(kind))
        this.index.delete(kind, object);
    }
    if (!('object' in change)) return;
    if (change.type === 'DELETED') this.index.delete(kind, change.object);
    else this.index.set(kind, change.object);
  }
}

/** Waits for rollouts. */
export class RolloutWaiter {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      timeoutMs: number;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** How the rollout of a deployment that was just written came out; never throws for what goes wrong while waiting. */
  async wait(
    written: DeploymentObject,
    options: { place: DeploymentPlace; context: RequestContext },
  ): Promise<RolloutOutcome> {
    const { resources, timeoutMs, now } = this.options;
    const { place, context } = options;
    const timeUp = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.signal, timeUp]);
    const watched = new WatchedDeployment(written, place);
    let latest: RolloutOutcome = {
      status: 'pending',
      reason: 'The cluster has not taken up the change yet.',
      resourceVersion: written.metadata.resourceVersion,
    };
    try {
      const states = watchTogether(resources, {
        sources: watched.sources,
        context: { ...context, signal },
        coalesceMs: COALESCE_MS,
      });
      for await (const { isSynced } of states) {
        const outcome = watched.outcome(now());
        if (!outcome) continue;
        const { isFinal, ...rest } = outcome;
        latest = rest;
        if (isSynced && isFinal) return latest;
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
