import { PortalClient } from '../PortalClient.ts';
import { freeName } from '../freeName.ts';
import type { DevelopmentCluster } from './DevelopmentCluster.ts';

/**
 * Registers a development cluster with the portal, unless it is registered: under its name or another that the user has given it. A
 * registration of a cluster that was at the same address before, and has been made anew since, is replaced. Where the user's own
 * cluster has its name, it gets another.
 */
export async function registerDevelopmentCluster(
  url: string,
  cluster: DevelopmentCluster,
): Promise<void> {
  const portal = new PortalClient(url);
  const known = await portal.listDetails();
  const sameAddress = known.find(({ server }) => server === cluster.server);
  if (sameAddress?.caData?.trim() === cluster.certificateAuthority.trim()) {
    return;
  }
  if (sameAddress) await portal.deleteCluster(sameAddress.id);
  const others = known.filter(one => one !== sameAddress);
  await portal.registerCluster({
    name: freeName(
      cluster.name,
      others.map(({ name }) => name),
    ),
    kubeconfig: await cluster.kubeconfig('portal'),
    labels: cluster.row.labels,
    owner: cluster.row.owner,
  });
}
