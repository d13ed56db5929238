import { CLUSTERS } from '../../../dev/portal/clusters/clusterTable.ts';
import { deploySamples } from '../../../dev/portal/clusters/deploySamples.ts';
import { DevelopmentCluster } from '../../../dev/portal/clusters/DevelopmentCluster.ts';
import { registerDevelopmentCluster } from '../../../dev/portal/clusters/registerDevelopmentCluster.ts';
import { TestPortal } from '../../integration/support/TestPortal.ts';

/** One portal for all end-to-end tests, with both clusters and the sample services, as `./portal start` leaves it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const portal = await TestPortal.start();
  try {
    for (const row of CLUSTERS) {
      const cluster = new DevelopmentCluster(row);
      await registerDevelopmentCluster(portal.url, cluster);
      await deploySamples(cluster);
    }
  } catch (error) {
    await portal.stop();
    throw error;
  }
  process.env.TEST_PORTAL_URL = portal.url;
  return () => portal.stop();
}
