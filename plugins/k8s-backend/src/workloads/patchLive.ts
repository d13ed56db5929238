import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  ResourceClient,
  ResourcePatch,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { isMarked } from '../resources/requestMarker';
import { changedMeanwhile, explainRefusal } from './conflicts';

/** Controllers write the status of an object while its rollout runs; so often their writes may come between. */
const TRIES = 5;
const PAUSE_MS = 40;

/** A change that starts from the live object. */
export interface LivePatch extends WriteOptions {
  /** The version that the caller read; absent: any. */
  resourceVersion?: string;
  /** The patch of the object as it is. */
  build(live: KubernetesObject): Promise<ResourcePatch> | ResourcePatch;
}

/**
 * Patches the live object with its resourceVersion as precondition. Where the caller named no version, somebody else's write in
 * between is no conflict: the patch is built anew. A request that has left its mark already is done: nothing is looked up or
 * changed again. It has when it was resumed, or when the mark appears while it is made: another instance took it over.
 *
 * @throws NotFoundError, ConflictError that says who changed the object, InputError
 */
export async function patchLive(
  resources: ResourceClient,
  reference: ObjectReference,
  change: LivePatch,
): Promise<{ before: KubernetesObject; after: KubernetesObject }> {
  const { resourceVersion, build, ...options } = change;
  const { context, dryRun } = options;
  const { idempotency } = context;
  // With a key that is used again after it was forgotten, the mark may be of another day.
  let isMarkOurs = idempotency?.resumed === true;
  for (let attempt = 1; ; attempt += 1) {
    const { object: live } = await resources.get(reference, {
      context,
      live: true,
    });
    if (idempotency && !dryRun) {
      const isDone = isMarked(live, idempotency.marker);
      if (isDone && isMarkOurs) return { before: live, after: live };
      isMarkOurs ||= !isDone;
    }
    if (
      resourceVersion !== undefined &&
      resourceVersion !== live.metadata.resourceVersion
    ) {
      throw changedMeanwhile(live, resourceVersion);
    }
    const patch = await build(live);
    try {
      const after = await resources.patch(reference, patch, {
        ...options,
        precondition: {
          resourceVersion: live.metadata.resourceVersion,
          uid: live.metadata.uid,
        },
      });
      return { before: live, after };
    } catch (error) {
      const isRace = error instanceof ConflictError;
      if (!isRace || attempt === TRIES) throw explainRefusal(error);
      await sleep(PAUSE_MS * attempt, undefined, { signal: context.signal });
    }
  }
}
