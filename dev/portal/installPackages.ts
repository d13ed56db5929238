import { join } from 'node:path';
import { CLONE, ROOT } from './paths.ts';
import { step } from './progress.ts';
import { runLogged } from './runLogged.ts';
import { hashOf, unlessDone } from './stamp.ts';

/** Installs the packages of yarn.lock, when it has changed since the last time. */
export async function installPackages(): Promise<void> {
  const hash = hashOf(['yarn.lock', '.yarnrc.yml', '*package.json']);
  const makes = join(ROOT, 'node_modules/.yarn-state.yml');
  await unlessDone('packages', { hash, makes }, () =>
    step('Install packages', () =>
      runLogged({
        command: 'yarn',
        args: ['install', '--immutable'],
        log: join(CLONE, 'logs/install.log'),
        // Without this, Yarn in CI refuses what it calls a hardened install of forks.
        env: { YARN_ENABLE_HARDENED_MODE: '0' },
      }),
    ),
  );
}
