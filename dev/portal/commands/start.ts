import { readFileSync } from 'node:fs';
import { relative, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { DevelopmentClusters } from '../DevelopmentClusters.ts';
import { Problem } from '../Problem.ts';
import { argumentProblem } from '../argumentProblem.ts';
import { buildApp } from '../buildApp.ts';
import { checkDisk } from '../checkDisk.ts';
import { checkPorts } from '../checkPorts.ts';
import { endedBadly } from '../endedBadly.ts';
import { installPackages } from '../installPackages.ts';
import { CALLED_FROM, LOGS, PORT, ROOT } from '../paths.ts';
import { step } from '../progress.ts';
import { registerOwnCluster } from '../registerOwnCluster.ts';
import { announcePortal } from '../runningPortal.ts';
import { BACK_END_LOG, startPortal } from '../startPortal.ts';
import type { BackEnd } from '../startBackEnd.ts';
import { untilInterrupted } from '../untilInterrupted.ts';
import type { Command } from './Command.ts';

interface Options {
  /** Content of the user's own kubeconfig. */
  kubeconfig?: string;
  hasClusters: boolean;
}

const start: Command = {
  usage: [
    'start [--kubeconfig FILE] [--no-demo]   build and serve the portal with two development clusters',
  ],
  async run(args) {
    const options = readOptions(args);
    await checkPorts('start');
    checkDisk({ needsPrograms: options.hasClusters });
    const clusters = options.hasClusters
      ? new DevelopmentClusters()
      : undefined;
    clusters?.checkRequirements();
    const interrupted = untilInterrupted();
    announcePortal(`http://localhost:${PORT}`);
    await Promise.race([interrupted, prepare()]);
    if (interrupted.isOver) return 0;
    const portal = startPortal({ clustersFile: clusters?.stateFile });
    try {
      await Promise.race([
        interrupted,
        serve(portal, { ...options, clusters }),
        untilEnded(portal),
      ]);
      return 0;
    } finally {
      console.log('\nEnding the portal');
      await Promise.all([portal.stop(), clusters?.stop()]);
    }
  },
};

async function prepare(): Promise<void> {
  await installPackages();
  await buildApp();
}

/** Never resolves: the portal is served until something ends it. */
async function serve(
  portal: BackEnd,
  options: Options & { clusters?: DevelopmentClusters },
): Promise<never> {
  const { clusters, kubeconfig } = options;
  const served = step('Start the back end', async () => {
    await portal.untilReady();
    return portal.url;
  });
  const clustersReady = clusters?.start(served);
  // Looked at below; until then a failure must not count as unnoticed.
  clustersReady?.catch(() => {});
  await served;
  console.log(`\n  The portal is on ${portal.url}; Ctrl-C ends it.`);
  console.log('  Sign in as viewer, operator, admin or owner.');
  console.log(`  Logs are in ${relative(ROOT, LOGS)}.\n`);
  // The portal is of use without its clusters: what fails is told, and the rest goes on.
  await clustersReady?.catch(tell);
  if (kubeconfig) {
    await step('Register your own cluster', async () => {
      console.log(`  ${await registerOwnCluster(portal.url, kubeconfig)}`);
    }).catch(tell);
  }
  if (clusters) {
    console.log(`\n  All is there: ${portal.url}\n`);
  } else if (!kubeconfig) {
    console.log(`  Register a cluster on ${portal.url}/k8s/register\n`);
  }
  return new Promise(() => {});
}

function tell(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  console.error(`portal: ${error.message}`);
}

async function untilEnded(portal: BackEnd): Promise<never> {
  const status = await portal.ended;
  throw endedBadly(
    `The back end ended by itself (status ${status})`,
    BACK_END_LOG,
  );
}

function readOptions(args: string[]): Options {
  const values = parse(args);
  const file = values.kubeconfig && resolvePath(CALLED_FROM, values.kubeconfig);
  return {
    kubeconfig: file && readKubeconfig(file),
    hasClusters: !values['no-demo'],
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        kubeconfig: { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw argumentProblem(error);
  }
}

function readKubeconfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Problem(`There is no file ${path} that can be read.`);
  }
}

export default start;
