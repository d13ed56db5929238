import { ServiceUnavailableError } from '@backstage/errors';
import type {
  ListResult,
  ReadOptions,
  ResourceQuery,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';

const NOT_TO_BE_SEEN = ['NotFoundError', 'NotAllowedError'];

/** Whether an error says that a kind does not exist or may not be seen, by the caller or by us. */
export function isNotToBeSeen(error: unknown): boolean {
  return error instanceof Error && NOT_TO_BE_SEEN.includes(error.name);
}

/**
 * Lists what an answer can do without: undefined when the cluster lacks the kind or it may not be seen, empty and `syncing` with
 * the reason when it cannot be read at the moment.
 *
 * @throws every other error of a list
 */
export async function listOptional(
  reader: ResourceReader,
  query: ResourceQuery,
  options: ReadOptions,
): Promise<ListResult | undefined> {
  try {
    return await reader.list(query, options);
  } catch (error) {
    if (isNotToBeSeen(error)) return undefined;
    if (!(error instanceof ServiceUnavailableError)) throw error;
    const cache = { state: 'syncing', message: error.message } as const;
    return { items: [], resourceVersion: '', cache };
  }
}
