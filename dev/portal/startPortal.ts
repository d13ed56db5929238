import { join } from 'node:path';
import { HOME, LOGS, PORT } from './paths.ts';
import { secretFile } from './secretFile.ts';
import { spawnBackEnd } from './startBackEnd.ts';
import type { BackEnd } from './startBackEnd.ts';

/** What every way of running the development portal sets. */
export function portalEnvironment(options: {
  /** File that tells which development clusters are still being made; absent: there are none. */
  clustersFile?: string;
}): Record<string, string | undefined> {
  return {
    K8S_ENCRYPTION_KEY: secretFile('encryption-key'),
    K8S_DEMO_CLUSTERS_FILE: options.clustersFile,
  };
}

/** Output of the development portal's back end. */
export const BACK_END_LOG = join(LOGS, 'back-end.log');

/** Starts the development portal, with the demo users; it is not yet ready. */
export function startPortal(options: { clustersFile?: string }): BackEnd {
  return spawnBackEnd({
    port: PORT,
    data: join(HOME, 'data'),
    log: BACK_END_LOG,
    configs: ['app-config.yaml', 'app-config.demo.yaml'],
    env: portalEnvironment(options),
  });
}
