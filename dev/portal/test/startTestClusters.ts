import { join } from 'node:path';
import { buildPrograms } from '../clusters/buildPrograms.ts';
import { CLUSTERS } from '../clusters/clusterTable.ts';
import { DevelopmentCluster } from '../clusters/DevelopmentCluster.ts';
import { CLONE } from '../paths.ts';
import { step } from '../progress.ts';

/** Where the clusters of the tests are, apart from those of a portal that runs beside. */
const TEST_HOME = join(CLONE, 'test');

/** The development clusters that the tests share. */
export interface TestClusters {
  /** Makes `./portal`, and what the tests import of it, use these clusters. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts the clusters in a home of their own; they end with this process. @throws Problem when one does not start */
export async function startTestClusters(): Promise<TestClusters> {
  await buildPrograms();
  const clusters = CLUSTERS.map(row => new DevelopmentCluster(row, TEST_HOME));
  const stop = async () => {
    // Not those of another run that was there first.
    const ours = clusters.filter(
      cluster => cluster.processes.owner() === process.pid,
    );
    await Promise.all(ours.map(cluster => cluster.down()));
  };
  try {
    for (const cluster of clusters) {
      await step(`Start the cluster ${cluster.name} for tests`, () =>
        cluster.up({ owner: process.pid }),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env: {
      PORTAL_HOME: TEST_HOME,
      PORTAL_CLUSTER_OWNER: String(process.pid),
    },
    stop,
  };
}
