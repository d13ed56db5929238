import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../Problem.ts';
import { ROOT } from '../paths.ts';
import type { DevelopmentCluster } from './DevelopmentCluster.ts';
import { readManifests } from './KubernetesClient.ts';
import type { KubernetesClient, KubernetesObject } from './KubernetesClient.ts';

const FOLDER = join(ROOT, 'dev/demo/manifests');
const REVISION_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/**
 * Deploys the sample services to a new cluster, once: what the user makes of them afterwards stays. The files are applied in their
 * order, and several of one deployment become its revisions.
 */
export async function deploySamples(
  cluster: DevelopmentCluster,
): Promise<void> {
  if (existsSync(cluster.files.samples)) return;
  const client = cluster.client();
  for (const file of readdirSync(FOLDER).sort()) {
    for (const object of await readManifests(join(FOLDER, file))) {
      await client.apply(object);
      if (object.kind === 'Deployment') await waitUntilObserved(client, object);
    }
  }
  writeFileSync(cluster.files.samples, '');
}

/** A revision comes into being when the controller sees the deployment, not when it is applied. */
async function waitUntilObserved(
  client: KubernetesClient,
  deployment: KubernetesObject,
): Promise<void> {
  const path = await client.pathOf(deployment);
  const deadline = Date.now() + REVISION_TIMEOUT_MS;
  for (;;) {
    const { metadata, status } = await client.call<{
      metadata: { generation: number };
      status?: { observedGeneration?: number };
    }>('GET', path);
    if (status?.observedGeneration === metadata.generation) return;
    if (Date.now() > deadline) {
      throw new Problem(
        `The deployment ${deployment.metadata.name} was not seen by the controller manager.`,
      );
    }
    await sleep(POLL_MS);
  }
}
