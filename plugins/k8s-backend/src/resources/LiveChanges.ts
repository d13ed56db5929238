/**
 * Creates, applies and patches at the API server itself.
 *
 * Retries. Writes are not done again, since nobody knows whether they took effect, but where the request has an idempotency marker:
 * then the object is looked at, and the write is done once more only when the object does not carry the marker.
 *
 * A create is an apply, so that what it sets is owned as what is applied later: a field that the next manifest leaves out goes, and
 * none of ours is a conflict with ourselves. Where that is refused, for whatever reason, the plain create has the last word: it
 * says best what exists already or is not valid, and knows kinds and rights that no apply has.
 */
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  Precondition,
  ResourcePatch,
  ResourceWriter,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { clusterFailureOf } from '../errors/clusterErrors';
import { manifestOf } from './manifestOf';
import type { ObjectRequests } from './ObjectRequests';
import { isPassingFault } from './passingFaults';
import { patchBody } from './patchBody';
import { isMarked, markObject } from './requestMarker';
import { kindPath, objectPath } from './resourcePath';

/** A field that the kind does not have is an error, as for kubectl; an API server leaves it out without a word otherwise. */
const STRICTLY = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

/** Writes objects at the API server. */
export class LiveChanges implements Omit<ResourceWriter, 'delete'> {
  readonly #requests: ObjectRequests;

  constructor(options: { requests: ObjectRequests }) {
    this.#requests = options.requests;
  }

  async create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    const manifest = manifestOf(reference, object);
    return this.#write(reference, options, async marker => {
      const { context } = options;
      const query = { ...STRICTLY, ...dryRunQuery(options) };
      const body = markObject(manifest, marker);
      try {
        return await this.#requests.send(reference, context, {
          ...{ method: 'PATCH', path, query },
          contentType: 'application/apply-patch+yaml',
          body: onlyNew(body),
        });
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
      return this.#requests.send(reference, context, {
        ...{ method: 'POST', path: kindPath(reference), query, body },
      });
    });
  }

  async apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    const manifest = manifestOf(reference, object);
    return this.#write(reference, options, marker =>
      this.#requests.send(reference, options.context, {
        method: 'PATCH',
        path,
        query: {
          fieldManager: FIELD_MANAGER,
          force: options.force === true,
          ...dryRunQuery(options),
        },
        contentType: 'application/apply-patch+yaml',
        body: markObject(manifest, marker),
      }),
    );
  }

  async patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    return this.#write(reference, options, async marker => {
      const { tested, ...change } = await patchBody(patch, {
        precondition: options.precondition,
        marker,
        live: () => this.#requests.get(reference, options.context),
      });
      try {
        return await this.#requests.send(reference, options.context, {
          method: 'PATCH',
          path,
          query: { ...STRICTLY, ...dryRunQuery(options) },
          ...change,
        });
      } catch (error) {
        throw await this.#conflictOf(error, reference, { ...options, tested });
      }
    });
  }

  /** Sends a change, once or, where the marker makes it safe, again. */
  async #write(
    reference: ObjectReference,
    options: WriteOptions,
    send: (marker: string | undefined) => Promise<KubernetesObject>,
  ): Promise<KubernetesObject> {
    const { idempotency } = options.context;
    if (idempotency === undefined || options.dryRun) return send(undefined);
    const { marker, resumed } = idempotency;
    const done = async () => {
      const live = await this.#requests.find(reference, options.context);
      return live && isMarked(live, marker) ? live : undefined;
    };
    const before = resumed ? await done() : undefined;
    if (before) return before;
    try {
      return await send(marker);
    } catch (error) {
      if (!isPassingFault(error) || options.context.signal.aborted) throw error;
      return (await done()) ?? send(marker);
    }
  }

  /**
   * A ConflictError where the preconditions of a refused patch do not hold: the API server has other words for that, which depend
   * on the sort of the patch.
   */
  async #conflictOf(
    error: unknown,
    reference: ObjectReference,
    options: WriteOptions & { tested: Precondition },
  ): Promise<unknown> {
    const { resourceVersion, uid } = options.tested;
    const isPossible = resourceVersion !== undefined || uid !== undefined;
    if (!(error instanceof InputError) || !isPossible) return error;
    const metadata = (await this.#requests.find(reference, options.context))
      ?.metadata;
    const holds =
      (resourceVersion ?? metadata?.resourceVersion) ===
        metadata?.resourceVersion && (uid ?? metadata?.uid) === metadata?.uid;
    return holds
      ? error
      : new ConflictError(
          'The object was changed since it was read; read it again',
        );
  }
}

/**
 * The manifest, applicable only as long as there is no such object: no object has this version, since etcd's first write makes the
 * second. Where there is none, the version is not looked at.
 */
function onlyNew(manifest: KubernetesObject): KubernetesObject {
  const metadata = { ...manifest.metadata, resourceVersion: '1' };
  return { ...manifest, metadata };
}

/** Whether the API server said no; a fault that may pass says nothing. */
function isRefusal(error: unknown): boolean {
  // Some say with a failure of their own that they cannot read what is applied.
  if (error instanceof InputError || error instanceof NotFoundError) {
    return true;
  }
  return (
    clusterFailureOf(error)?.status !== undefined && !isPassingFault(error)
  );
}

function dryRunQuery({ dryRun }: WriteOptions) {
  return dryRun ? { dryRun: 'All' } : {};
}
