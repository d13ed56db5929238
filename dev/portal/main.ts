/** What `./portal` runs: the first argument names a command. */
import { DISK_IS_FULL, Problem } from './Problem.ts';
import type { Command } from './commands/Command.ts';

/** Loaded when used, so that a command needs only what it uses. */
const COMMANDS: Record<string, () => Promise<{ default: Command }>> = {
  start: () => import('./commands/start.ts'),
  dev: () => import('./commands/dev.ts'),
  test: () => import('./commands/test.ts'),
  token: () => import('./commands/token.ts'),
  cluster: () => import('./commands/cluster.ts'),
  bench: () => import('./commands/bench.ts'),
};

const HELP_WORDS = [undefined, 'help', '--help', '-h'];

async function help(): Promise<string> {
  const lines = await Promise.all(
    Object.values(COMMANDS).map(async load => (await load()).default.usage),
  );
  return ['usage:', ...lines.flat().map(line => `  ./portal ${line}`)].join(
    '\n',
  );
}

async function main([name, ...args]: string[]): Promise<number> {
  if (HELP_WORDS.includes(name)) {
    console.log(await help());
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) throw new Problem(`There is no "${name}": see ./portal help.`);
  const command = (await load()).default;
  return command.run(args);
}

/** Of the system, about a file or a folder. */
const FILE_ERRORS = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'];

/** The sentence for an error that the system gave us and that the user can mend. */
function sentence(error: unknown): string | undefined {
  if (error instanceof Problem) return error.message;
  const { code = '', path } = Object(error) as NodeJS.ErrnoException;
  if (code === 'ENOSPC') {
    return DISK_IS_FULL;
  }
  if (path !== undefined && FILE_ERRORS.includes(code)) {
    return `${path} cannot be used (${code}): look at who may write there, or choose another folder with PORTAL_HOME.`;
  }
  return undefined;
}

try {
  // Work that was interrupted may still be under way.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(`portal: ${sentence(error) ?? (error as Error)?.stack}`);
  process.exit(1);
}
