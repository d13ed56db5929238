import { NotFoundError } from '@backstage/errors';
import type {
  ObjectReference,
  ResourceClient,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';

/**
 * Deletes an object. With an idempotency key, exactly the one that is there now: an instance that was paused may send its request
 * long after another one took it over, when somebody has made a new object of that name.
 *
 * @throws NotFoundError, ConflictError when it is another object by then
 */
export async function deleteLive(
  resources: ResourceClient,
  reference: ObjectReference,
  options: WriteOptions,
): Promise<void> {
  const uid =
    options.context.idempotency && (await uidOf(resources, reference, options));
  await resources.delete(reference, {
    ...options,
    ...(uid !== undefined && { precondition: { uid } }),
  });
}

/** Undefined when there is none, or none that may be seen: what that means is for the delete to say. */
async function uidOf(
  resources: ResourceClient,
  reference: ObjectReference,
  { context }: WriteOptions,
): Promise<string | undefined> {
  try {
    const { object } = await resources.get(reference, { context, live: true });
    return object.metadata.uid;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
