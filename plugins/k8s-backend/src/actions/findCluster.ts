import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { OperationCalls } from './OperationCalls';

/** Clusters that a message names. */
const NAMED = 20;

/**
 * The id of a cluster that is called by id or name; ids go first.
 *
 * @throws InputError that names clusters that the caller may see
 */
export async function findCluster(
  calls: OperationCalls,
  wanted: string,
  credentials: BackstageCredentials,
): Promise<string> {
  const { clusters } = await calls.call('listClusters', {}, credentials);
  const found =
    clusters.find(({ id }) => id === wanted) ??
    clusters.find(({ name }) => name === wanted);
  if (found) return found.id;
  const names = clusters.slice(0, NAMED).map(({ name }) => name);
  throw new InputError(
    `There is no such cluster that you may see; you may see ${
      names.join(', ') || 'none'
    }`,
  );
}
