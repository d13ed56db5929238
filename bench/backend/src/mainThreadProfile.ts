import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/**
 * Profiles of the CPU of the main thread from one call of `begin` to the next, or to `end`; nothing where no folder is given.
 * Worker threads leave theirs by Node's `--cpu-prof`, which has none of a main thread that is killed.
 */
export function mainThreadProfile(folder: string | undefined) {
  if (!folder) return { begin: async () => {}, end: async () => {} };
  const session = new Session();
  session.connect();
  let count = 0;
  let isRunning = false;
  const end = async () => {
    if (!isRunning) return;
    isRunning = false;
    const { profile } = await session.post('Profiler.stop');
    count += 1;
    writeFileSync(
      join(folder, `main.${count}.cpuprofile`),
      JSON.stringify(profile),
    );
  };
  return {
    end,
    async begin() {
      await session.post('Profiler.enable');
      isRunning = true;
      await session.post('Profiler.start');
    },
  };
}
