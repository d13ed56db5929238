import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs `./portal` as a user would, on the clusters of the tests.
 *
 * @returns what it printed. @throws when it ends badly, with what it said
 */
export async function portalCommand(...args: string[]): Promise<string> {
  const { stdout } = await run('./portal', args, {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}
