import { readFileSync } from 'node:fs';
import { relative, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { DevelopmentClusters } from '../DevelopmentClusters.ts';
import { PortalClient } from '../PortalClient.ts';
import { Problem } from '../Problem.ts';
import { buildApp } from '../buildApp.ts';
import { checkDisk } from '../checkDisk.ts';
import { isFree } from '../freePort.ts';
import { installPackages } from '../installPackages.ts';
import { CALLED_FROM, LOGS, PORT, ROOT } from '../paths.ts';
import { step } from '../progress.ts';
import { tailOf } from '../runLogged.ts';
import { announcePortal, runningPortal } from '../runningPortal.ts';
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
    await checkPort();
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
    await registerOwn(portal.url, kubeconfig).catch(tell);
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

function registerOwn(url: string, kubeconfig: string): Promise<void> {
  return step('Register your own cluster', async () => {
    const portal = new PortalClient(url);
    const name = await nameOf(kubeconfig);
    const listed = await portal.listClusters();
    if (listed.some(cluster => cluster.name === name)) {
      console.log(`  A cluster ${name} is registered already.`);
      return;
    }
    await portal.registerCluster({ name, kubeconfig });
  });
}

/** The kubeconfig's current context says what its user calls the cluster. */
async function nameOf(kubeconfig: string): Promise<string> {
  const { parse } = await import('yaml');
  let context: unknown;
  try {
    context = parse(kubeconfig)?.['current-context'];
  } catch {
    // The portal says what is wrong with it.
  }
  const name = typeof context === 'string' ? context : '';
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '');
  return slug || 'my-cluster';
}

async function untilEnded(portal: BackEnd): Promise<never> {
  const status = await portal.ended;
  throw new Problem(
    `The back end ended by itself (status ${status}):\n${tailOf(BACK_END_LOG)}`,
  );
}

async function checkPort(): Promise<void> {
  const running = runningPortal();
  if (running) {
    throw new Problem(
      `The portal is running already, on ${running.url} (process ${running.pid}).`,
    );
  }
  if (await isFree(PORT)) return;
  throw new Problem(
    `Port ${PORT} is taken: end what listens there, or choose another with PORTAL_PORT=${
      PORT + 1
    } ./portal start.`,
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
    throw new Problem((error as Error).message);
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
