import { InputError } from '@backstage/errors';
import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import type { Manifest } from '../actions/readManifest';
import { dataOf } from './dataOf';

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/', 1)[0] : '';
}

/** The kind of a manifest as the cluster serves it. @throws InputError when it does not */
export async function findKind(
  client: K8sClient,
  manifest: Manifest,
  options: { cluster: Schema<'Cluster'> },
): Promise<Schema<'Kind'>> {
  const { cluster } = options;
  const { kinds } = dataOf(
    await client.GET('/clusters/{id}/kinds', {
      params: { path: { id: cluster.id } },
    }),
  );
  const group = groupOf(manifest.apiVersion);
  const found = kinds.find(
    kind => kind.group === group && kind.kind === manifest.kind,
  );
  if (found) return found;
  throw new InputError(
    `Cluster ${cluster.name} has no kind ${manifest.kind} of ${manifest.apiVersion}`,
  );
}
