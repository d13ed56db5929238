import { join } from 'node:path';
import { CLONE, LOGS, ROOT } from '../paths.ts';
import { step } from '../progress.ts';
import { runForStatus, runLogged } from '../runLogged.ts';

/** Where the clusters of the tests are, apart from those of a portal that runs beside. */
const TEST_HOME = join(CLONE, 'test');
const NAMES = ['dev-eu', 'dev-us'];

/** The development clusters that the tests share. */
export interface TestClusters {
  /** Makes `./portal`, and what the tests import of it, use these clusters. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts both clusters in a home of their own. @throws Problem when one does not start */
export async function startTestClusters(): Promise<TestClusters> {
  const env = { PORTAL_HOME: TEST_HOME };
  const cluster = (action: string, name: string) => ({
    command: join(ROOT, 'portal'),
    args: ['cluster', action, name],
    log: join(LOGS, `test-cluster-${name}.log`),
    env,
  });
  for (const name of NAMES) {
    await step(`Start the cluster ${name} for tests`, () =>
      runLogged(cluster('up', name)),
    );
  }
  return {
    env,
    async stop() {
      for (const name of NAMES) await runForStatus(cluster('down', name));
    },
  };
}
