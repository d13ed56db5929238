import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DevelopmentClusters } from '../DevelopmentClusters.ts';
import { Problem } from '../Problem.ts';
import { checkDisk } from '../checkDisk.ts';
import { checkPorts } from '../checkPorts.ts';
import { installPackages } from '../installPackages.ts';
import { HOME, LOGS, PORT, ROOT } from '../paths.ts';
import { runForStatus } from '../runLogged.ts';
import { announcePortal } from '../runningPortal.ts';
import { untilAnswers } from '../startBackEnd.ts';
import { portalEnvironment } from '../startPortal.ts';
import { untilInterrupted } from '../untilInterrupted.ts';
import type { Command } from './Command.ts';

/** Where the front end's development server listens. */
const APP_PORT = 3000;
const APP_URL = `http://localhost:${APP_PORT}`;
const BACK_END_URL = `http://localhost:${PORT}`;

const dev: Command = {
  usage: [
    `dev                                     the same in watch mode, on ${APP_URL}`,
  ],
  async run(args) {
    if (args.length > 0) throw new Problem('dev takes no arguments.');
    await checkPorts('dev', [APP_PORT]);
    checkDisk({ needsPrograms: true });
    const clusters = new DevelopmentClusters();
    clusters.checkRequirements();
    const interrupted = untilInterrupted();
    announcePortal(BACK_END_URL);
    try {
      await installPackages();
      const served = untilAnswers(BACK_END_URL).then(() => BACK_END_URL);
      clusters
        .start(served)
        .catch(error => console.error(`portal: ${error.message}`));
      const watching = runForStatus({
        command: 'yarn',
        args: ['backstage-cli', 'repo', 'start', ...(await configArguments())],
        log: join(LOGS, 'dev.log'),
        echo: true,
        env: {
          NODE_ENV: 'development',
          PORTAL_PORT: String(PORT),
          PORTAL_DATA: join(HOME, 'data'),
          ...portalEnvironment({ clustersFile: clusters.stateFile }),
        },
      });
      return (await Promise.race([interrupted, watching])) ?? 0;
    } finally {
      await clusters.stop();
    }
  },
};

/** The portal's configuration, and over it what watch mode needs: the front end has a server of its own. */
async function configArguments(): Promise<string[]> {
  const overlay = join(HOME, 'run', 'app-config.dev.yaml');
  mkdirSync(join(HOME, 'run'), { recursive: true });
  const overlaid = {
    app: { baseUrl: APP_URL },
    backend: { cors: { origin: APP_URL, credentials: true } },
    catalog: { locations: await absoluteLocations() },
  };
  // JSON is YAML.
  writeFileSync(overlay, JSON.stringify(overlaid, null, 2));
  const files = ['app-config.yaml', 'app-config.demo.yaml'];
  return [...files.map(file => join(ROOT, file)), overlay].flatMap(file => [
    '--config',
    file,
  ]);
}

/** The catalog's files are named from the root; in watch mode the back end runs in its own folder. */
async function absoluteLocations(): Promise<object[]> {
  const { parse } = await import('yaml');
  const config = parse(readFileSync(join(ROOT, 'app-config.yaml'), 'utf8'));
  const locations: { type: string; target: string }[] =
    config.catalog.locations;
  return locations.map(location =>
    location.type === 'file'
      ? { ...location, target: join(ROOT, location.target) }
      : location,
  );
}

export default dev;
