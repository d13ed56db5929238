import { join } from 'node:path';
import { CLONE, ROOT } from './paths.ts';
import { step } from './progress.ts';
import { runLogged } from './runLogged.ts';
import { hashOf, unlessDone } from './stamp.ts';

/** What ends up in the bundle that the browser loads. */
const SOURCES = [
  'packages/app',
  'plugins/k8s',
  'plugins/k8s-common',
  'plugins/k8s-react',
  'plugins/scaffolder-module-k8s',
  'dev/demo-sign-in-app',
  'app-config.yaml',
  'yarn.lock',
];

/** Builds the front end, when its sources have changed since the last time. */
export async function buildApp(): Promise<void> {
  const makes = join(ROOT, 'packages/app/dist/index.html');
  await unlessDone('app', { hash: hashOf(SOURCES), makes }, () =>
    step('Build the front end', () =>
      runLogged({
        command: 'yarn',
        args: ['workspace', 'app', 'build'],
        log: join(CLONE, 'logs/build-app.log'),
        env: { NODE_OPTIONS: '--max-old-space-size=4096' },
      }),
    ),
  );
}
