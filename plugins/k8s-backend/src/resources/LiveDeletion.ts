import { NotFoundError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
  ObjectReference,
} from '@backstage-k8s/plugin-k8s-node';
import { itemsOf } from '../rows/fields';
import { shownObject } from './ObjectRequests';
import type { ObjectRequests } from './ObjectRequests';
import { isPassingFault } from './passingFaults';
import { objectPath } from './resourcePath';
import { objectNotFound } from './resourceReference';

/** What became of an object that was to be deleted. */
export interface Removal {
  /** It is still there until it is cleaned up. */
  remaining?: KubernetesObject;
  /** It is gone, and this was its uid; absent when that is not known. */
  uid?: string;
}

interface DeleteAnswer {
  kind?: string;
  details?: { uid?: string };
}

/** Deletes objects at the API server; as for other writes, only a request with an idempotency marker is sent again. */
export class LiveDeletion {
  readonly #requests: ObjectRequests;

  constructor(options: { requests: ObjectRequests }) {
    this.#requests = options.requests;
  }

  /** Deletes the object, and tells what became of it. @throws NotFoundError */
  async remove(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<Removal> {
    objectPath(reference);
    const { idempotency } = options.context;
    if (idempotency?.resumed && (await this.#isGone(reference, options))) {
      return {};
    }
    try {
      return await this.#send(reference, options);
    } catch (error) {
      if (error instanceof NotFoundError) {
        if (idempotency?.resumed) return {};
        throw objectNotFound(reference);
      }
      if (!idempotency || !isPassingFault(error)) throw error;
    }
    // The first attempt may have taken effect: what is gone now went by it.
    return this.#send(reference, options).catch(error => {
      if (error instanceof NotFoundError) return {};
      throw error;
    });
  }

  async #send(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<Removal> {
    const { context } = options;
    const answer = await this.#requests.sendRaw<DeleteAnswer>(
      reference,
      context,
      {
        method: 'DELETE',
        path: objectPath(reference),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagation ?? 'Background',
          ...(options.precondition && { preconditions: options.precondition }),
          ...(options.dryRun && { dryRun: ['All'] }),
        },
      },
    );
    if (answer.kind === 'Status') return { uid: answer.details?.uid };
    const object = shownObject(reference, answer);
    return isStillThere(object)
      ? { remaining: object }
      : { uid: object.metadata.uid };
  }

  /** Whether the object that was to be deleted is not there any more, even if another of its name is. */
  async #isGone(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<boolean> {
    const live = await this.#requests.find(reference, options.context);
    if (!live || live.metadata.deletionTimestamp) return true;
    const wanted = options.precondition?.uid;
    return wanted !== undefined && wanted !== live.metadata.uid;
  }
}

/**
 * Whether the object that a deletion was answered with waits for a clean-up. Of some kinds (ServiceAccounts, Pods without a node) it is the
 * object that was there: without a deletionTimestamp, or with one that leaves nothing to wait for.
 */
function isStillThere({ metadata }: KubernetesObject): boolean {
  if (!metadata.deletionTimestamp) return false;
  const finalizers = itemsOf(metadata.finalizers);
  return metadata.deletionGracePeriodSeconds !== 0 || finalizers.length > 0;
}
