import { InputError } from '@backstage/errors';
import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import { dataOf } from './dataOf';

/**
 * The cluster of an id or a name; ids go first.
 *
 * @throws InputError that names the clusters that the caller may see
 */
export async function findCluster(
  client: K8sClient,
  wanted: string,
): Promise<Schema<'Cluster'>> {
  const { clusters } = dataOf(await client.GET('/clusters'));
  const found =
    clusters.find(({ id }) => id === wanted) ??
    clusters.find(({ name }) => name === wanted);
  if (found) return found;
  const names = clusters.map(({ name }) => name).join(', ');
  throw new InputError(
    `There is no cluster '${wanted}' that you may see${
      names ? `; you may see ${names}` : ''
    }`,
  );
}
