import { PortalClient } from '../PortalClient.ts';
import type { DevelopmentCluster } from './DevelopmentCluster.ts';

/**
 * Registers a development cluster with the portal, unless it is registered: under its name or another that the user has given it. A
 * registration of a cluster that was at the same address before, and has been made anew since, is replaced.
 */
export async function registerDevelopmentCluster(
  url: string,
  cluster: DevelopmentCluster,
): Promise<void> {
  const portal = new PortalClient(url);
  const listed = await portal.listClusters();
  const known = await Promise.all(
    listed.map(({ id }) => portal.getCluster(id)),
  );
  const sameAddress = known.find(({ server }) => server === cluster.server);
  if (sameAddress?.caData?.trim() === cluster.certificateAuthority.trim()) {
    return;
  }
  if (sameAddress) await portal.deleteCluster(sameAddress.id);
  else if (known.some(({ name }) => name === cluster.name)) return;
  await portal.registerCluster({
    name: cluster.name,
    kubeconfig: await cluster.kubeconfig('portal'),
    labels: cluster.row.labels,
    owner: cluster.row.owner,
  });
}
