import { InputError } from '@backstage/errors';
import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import { dataOf } from '../client/dataOf';
import type { Manifest } from './readManifest';
import { requestKey } from './requestKey';

/** In a path: the core group, and no namespace. */
const CORE = 'core';
const NO_NAMESPACE = '_';

/** Applies a whole manifest, or plans it in a dry run. @throws what the API refuses it with, InputError */
export async function applyManifest(
  client: K8sClient,
  manifest: Manifest,
  options: {
    cluster: Schema<'Cluster'>;
    kind: Pick<Schema<'Kind'>, 'group' | 'plural' | 'kind' | 'namespaced'>;
    force?: boolean;
    ctx: {
      task: { id: string };
      step?: { id?: string };
      isDryRun?: boolean;
    };
  },
): Promise<Schema<'ResourceChange'>> {
  const { cluster, kind, force = false, ctx } = options;
  const { name, namespace } = manifest.metadata;
  if (kind.namespaced && !namespace) {
    throw new InputError(
      `A ${kind.kind} is in a namespace: name it in the step or the manifest`,
    );
  }
  if (!kind.namespaced && namespace) {
    throw new InputError(`A ${kind.kind} is in no namespace: leave it out`);
  }
  const path = {
    id: cluster.id,
    group: kind.group || CORE,
    plural: kind.plural,
    namespace: namespace ?? NO_NAMESPACE,
    name,
  };
  const body = { manifest, ...(force && { force }) };
  return dataOf(
    await client.PUT(
      '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}',
      {
        params: {
          path,
          query: { dryRun: ctx.isDryRun === true },
          header: { 'Idempotency-Key': requestKey(ctx, [path, body]) },
        },
        body,
      },
    ),
  );
}
