import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from '../Problem.ts';
import { LOGS } from '../paths.ts';
import { step } from '../progress.ts';
import { runLogged } from '../runLogged.ts';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(
    path => existsSync(path),
  );
}

/** The path of Chromium, or of Chrome; on Debian it is installed when we may. @throws Problem when there is none */
export async function findChromium(): Promise<string> {
  const found = process.env.PORTAL_CHROMIUM ?? installed();
  if (found) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Problem(
      'The end-to-end tests need Chromium or Chrome: install one, or name its path in PORTAL_CHROMIUM.',
    );
  }
  await step('Install Chromium', async () => {
    const log = join(LOGS, 'install-chromium.log');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runLogged({ command: 'apt-get', args: ['update'], log, env });
    await runLogged({
      command: 'apt-get',
      args: [
        ...['install', '-y', '--no-install-recommends'],
        ...['chromium', 'fonts-inter', 'fonts-noto-cjk'],
      ],
      log,
      env,
    });
  });
  const path = installed();
  if (!path)
    throw new Problem('Chromium was installed but is not on the PATH.');
  return path;
}
