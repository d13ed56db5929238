import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Problem } from '../Problem.ts';
import { buildApp } from '../buildApp.ts';
import { isFree } from '../freePort.ts';
import { installPackages } from '../installPackages.ts';
import { LOGS, PORT } from '../paths.ts';
import { startPortal } from '../startPortal.ts';
import { step } from '../progress.ts';
import { DevelopmentClusters } from '../DevelopmentClusters.ts';
import { registerCluster } from '../registerCluster.ts';
import { untilInterrupted } from '../untilInterrupted.ts';
import type { Command } from './Command.ts';

/** Read before anything is built, so that a wrong path is told at once. */
function readKubeconfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Problem(`There is no file ${path} that can be read.`);
  }
}

const start: Command = {
  usage: [
    'start [--kubeconfig FILE] [--no-demo]   build and serve the portal with two development clusters',
  ],
  async run(args) {
    const { values } = parseOptions(args);
    const kubeconfig = values.kubeconfig && readKubeconfig(values.kubeconfig);
    const clusters = values['no-demo'] ? undefined : new DevelopmentClusters();
    clusters?.checkRequirements();
    if (!(await isFree(PORT))) {
      throw new Problem(
        `Port ${PORT} is taken: end what listens there, or choose another with PORTAL_PORT=7008 ./portal start.`,
      );
    }
    await installPackages();
    await buildApp();
    const interrupted = untilInterrupted();
    const portal = await step('Start the back end', () =>
      startPortal({ clustersFile: clusters?.stateFile }),
    );
    try {
      console.log(`\nThe portal is on ${portal.url}; Ctrl-C ends it.`);
      console.log(
        'Sign in as viewer, operator, admin or owner. Its log is in ' +
          `${LOGS}/back-end.log\n`,
      );
      const work = (async () => {
        await clusters?.start(portal.url);
        if (kubeconfig) {
          await step('Register your cluster', () =>
            registerCluster(portal.url, { name: 'my-cluster', kubeconfig }),
          );
        }
        if (values['no-demo'] && !kubeconfig) {
          console.log(`Register a cluster on ${portal.url}/k8s/register`);
        }
      })().catch(error => {
        // The portal is of use without its clusters: it says what failed, and one's own can be registered.
        console.error(`portal: ${(error as Error).message}`);
      });
      const ended = portal.ended.then(status => {
        throw new Problem(
          `The back end ended by itself (status ${status}); its log is ${LOGS}/back-end.log.`,
        );
      });
      await Promise.race([interrupted, ended]);
      // Work that is under way sees its processes end; it is not waited for longer than they may take.
      await Promise.race([work, sleep(100)]);
      return 0;
    } finally {
      console.log('\nEnding the portal');
      await Promise.all([portal.stop(), clusters?.stop()]);
    }
  },
};

function parseOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        kubeconfig: { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

export default start;
