import { Problem } from './Problem.ts';
import { demoToken } from './demoToken.ts';

/** What `POST /clusters` takes, as far as the development portal uses it. */
export interface ClusterToRegister {
  name: string;
  kubeconfig: string;
  labels?: Record<string, string>;
  owner?: string;
}

/**
 * Registers a cluster as the demo administrator; one of that name that is there already is left as it is.
 *
 * @throws Problem with the portal's own words when it refuses
 */
export async function registerCluster(
  url: string,
  cluster: ClusterToRegister,
): Promise<void> {
  const headers = {
    Authorization: `Bearer ${await demoToken(url, 'admin')}`,
    'Content-Type': 'application/json',
  };
  const list = await fetch(`${url}/api/k8s/clusters`, { headers });
  const known = (await list.json()) as { clusters?: { name: string }[] };
  if (known.clusters?.some(({ name }) => name === cluster.name)) return;
  const answer = await fetch(`${url}/api/k8s/clusters`, {
    method: 'POST',
    headers,
    body: JSON.stringify(cluster),
  });
  if (answer.ok) return;
  const body = (await answer.json().catch(() => undefined)) as
    | { error?: { message?: string } }
    | undefined;
  throw new Problem(
    `The cluster ${cluster.name} was not registered: ${
      body?.error?.message ?? `status ${answer.status}`
    }`,
  );
}
