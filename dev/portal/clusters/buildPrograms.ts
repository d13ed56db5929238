import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../Problem.ts';
import { BIN, CLONE, ROOT } from '../paths.ts';
import { step } from '../progress.ts';
import { runLogged } from '../runLogged.ts';
import { hashOf, isDone, unlessDone } from '../stamp.ts';

const LEAST_GO = [1, 26];
const VERSION = 'k8s.io/component-base/version';

interface Program {
  name: string;
  title: string;
  /** Folder of its module. */
  module: string;
  package: string;
  /** What goes into it. */
  sources: string[];
  variables: Record<string, string>;
}

const PROGRAMS: Program[] = [
  {
    name: 'kube',
    title: 'Build Kubernetes (takes minutes the first time)',
    module: 'dev/kubernetes',
    package: '.',
    sources: ['dev/kubernetes', ':!dev/kubernetes/**/*_test.go'],
    variables: {
      [`${VERSION}.gitVersion`]: 'v1.37.2',
      [`${VERSION}.gitMajor`]: '1',
      [`${VERSION}.gitMinor`]: '37',
    },
  },
  {
    name: 'kwok',
    title: 'Build KWOK',
    module: 'dev/kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    sources: ['dev/kwok/go.mod', 'dev/kwok/go.sum'],
    variables: {},
  },
];

const stampOf = (program: Program) => ({
  hash: hashOf(program.sources),
  makes: join(BIN, program.name),
});

/** Whether the programs of the development clusters are there and current, so that Go is not needed. */
export function programsAreBuilt(): boolean {
  return PROGRAMS.every(program => isDone(program.name, stampOf(program)));
}

/** @throws Problem when the programs have to be built and there is no Go that can do it */
export function checkGo(): void {
  if (programsAreBuilt()) return;
  const wanted = LEAST_GO.join('.');
  const advice = `install Go ${wanted} or newer (https://go.dev/dl/), or start without them: ./portal start --no-demo`;
  let found: string;
  try {
    found = execFileSync('go', ['version'], { cwd: ROOT, encoding: 'utf8' });
  } catch {
    throw new Problem(`The development clusters are built with Go: ${advice}.`);
  }
  const [, major, minor] = (found.match(/go(\d+)\.(\d+)/) ?? []).map(Number);
  if (
    !(major > LEAST_GO[0] || (major === LEAST_GO[0] && minor >= LEAST_GO[1]))
  ) {
    throw new Problem(
      `Go ${major}.${minor} is too old for the development clusters: ${advice}.`,
    );
  }
}

/** Builds the programs of the development clusters that are missing or older than their sources. @throws Problem */
export async function buildPrograms(): Promise<void> {
  checkGo();
  mkdirSync(BIN, { recursive: true });
  for (const program of PROGRAMS) {
    await unlessDone(program.name, stampOf(program), () =>
      step(program.title, () => build(program)),
    );
  }
}

async function build(program: Program): Promise<void> {
  const target = join(BIN, program.name);
  // Built beside and renamed: a running cluster keeps the program that it was started with.
  const fresh = `${target}.new`;
  const variables = Object.entries(program.variables).map(
    ([name, value]) => `-X ${name}=${value}`,
  );
  await runLogged({
    command: 'go',
    args: [
      ...['build', '-C', program.module, '-trimpath', '-buildvcs=false'],
      ...['-ldflags', ['-s -w', ...variables].join(' ')],
      ...['-o', fresh, program.package],
    ],
    log: join(CLONE, `logs/build-${program.name}.log`),
    env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
  });
  if (existsSync(fresh)) renameSync(fresh, target);
}
