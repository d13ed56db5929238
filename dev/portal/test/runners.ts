/** The test runners, and how the counts are read from what each writes for machines. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { HOME, LOGS, ROOT } from '../paths.ts';
import { runForStatus, tailOf } from '../runLogged.ts';
import { findChromium } from './findChromium.ts';
import type { Counts } from './Counts.ts';

/** What the tests of one run share. */
export interface TestEnvironment {
  /** Parts of file names; empty: all files. */
  filter: string[];
  env: Record<string, string>;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };
const ONE_FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };
const RESULTS = join(HOME, 'test-results');

function resultFile(name: string): string {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, name);
  rmSync(file, { force: true });
  return file;
}

/**
 * Runs one runner and reads its counts. A runner that breaks, writes none, or runs no test at all counts as one failed test;
 * so does one that ends badly although it counted no failure. Where files are chosen, a runner may have none of them.
 */
async function run(options: {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  filter?: string[];
  read: () => Counts;
}): Promise<Counts> {
  const log = join(LOGS, `test-${options.name}.log`);
  const status = await runForStatus({ ...options, log, echo: true });
  let counts: Counts;
  try {
    counts = options.read();
  } catch {
    console.log(`${options.name} did not say what it ran.\n${tailOf(log)}`);
    return ONE_FAILED;
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    if (options.filter?.length) return counts;
    console.log(`${options.name} ran no test.`);
    return ONE_FAILED;
  }
  if (status !== 0 && counts.failed === 0) {
    console.log(`${options.name} ended with status ${status}.`);
    return { ...counts, failed: 1 };
  }
  return counts;
}

/** Checks that have no runner: each counts as a test. */
export async function runChecks({ env }: TestEnvironment): Promise<Counts> {
  const checks: Record<string, string[]> = {
    types: ['tsc'],
    'types of dev': ['tsc', '--project', 'dev/portal'],
    'types of tests': ['tsc', '--project', 'tests'],
    'types of bench': ['tsc', '--project', 'bench'],
    lint: ['lint'],
    format: ['prettier', '--check', '--loglevel', 'warn', '.'],
    'generated types are current': ['generate', '--check'],
  };
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, args] of Object.entries(checks)) {
    const log = join(LOGS, `test-${name.replaceAll(' ', '-')}.log`);
    const status = await runForStatus({ command: 'yarn', args, log, env });
    console.log(`${status === 0 ? '✔' : '✖'} ${name}`);
    if (status !== 0) console.log(tailOf(log));
    counts[status === 0 ? 'passed' : 'failed'] += 1;
  }
  return counts;
}

/** Unit tests of the packages. */
export function runJest({ filter, env }: TestEnvironment): Promise<Counts> {
  const file = resultFile('jest.json');
  return run({
    name: 'jest',
    filter,
    command: 'yarn',
    args: [
      ...['backstage-cli', 'repo', 'test', '--maxWorkers=2'],
      // A limit against hanging, not a measure: two cores may have much else to do.
      '--testTimeout=60000',
      ...['--passWithNoTests', '--json', `--outputFile=${file}`, ...filter],
    ],
    // Without CI, the command tests what has changed only, and watches.
    env: { ...env, CI: 'true', NODE_OPTIONS: '--max-old-space-size=4096' },
    read() {
      const result = JSON.parse(readFileSync(file, 'utf8'));
      return {
        passed: result.numPassedTests,
        // A file that cannot be loaded has no failed test, but has failed.
        failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
        skipped: result.numPendingTests + result.numTodoTests,
      };
    },
  });
}

/** Tests of the development clusters' program. */
export function runGo({ env }: TestEnvironment): Promise<Counts> {
  const log = join(LOGS, 'test-go.log');
  return run({
    name: 'go',
    command: 'go',
    // Not `./...`: the program itself has no tests, and would be compiled with all of Kubernetes.
    args: [
      ...['test', '-C', 'dev/kubernetes', '-json'],
      ...['./certificates', './keeper'],
    ],
    env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    read() {
      const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
      for (const line of readFileSync(log, 'utf8').split('\n')) {
        if (!line.startsWith('{')) continue;
        const { Action: action, Test: test } = JSON.parse(line);
        if (action === 'pass' && test) counts.passed += 1;
        if (action === 'skip' && test) counts.skipped += 1;
        // A package that cannot be built fails without a test.
        if (action === 'fail') counts.failed += 1;
      }
      return counts;
    },
  });
}

/** Tests of node:test below a folder, one file after the other, since they share clusters and two cores. */
export async function runNodeTests(
  folder: string,
  { filter, env }: TestEnvironment,
): Promise<Counts> {
  const name = folder.replaceAll('/', '-');
  const file = resultFile(`${name}.json`);
  const files = globSync(join(ROOT, folder, '**/*.test.ts'))
    .filter(
      path => filter.length === 0 || filter.some(part => path.includes(part)),
    )
    .sort();
  if (files.length === 0 && filter.length > 0) return NONE;
  return run({
    name,
    command: process.execPath,
    args: [
      ...[
        '--require',
        './node_modules/@backstage/cli-node/config/nodeTransform.cjs',
      ],
      ...['--test', '--test-concurrency=1', '--test-timeout=900000'],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=./dev/portal/test/countReporter.mjs'],
      `--test-reporter-destination=${file}`,
      // Without a file it would look for tests everywhere.
      ...(files.length > 0
        ? files.map(path => relative(ROOT, path))
        : ['no-tests']),
    ],
    env,
    read: () => JSON.parse(readFileSync(file, 'utf8')),
  });
}

/** Tests in a real browser. @throws Problem when there is none and it cannot be installed */
export async function runPlaywright({
  filter,
  env,
}: TestEnvironment): Promise<Counts> {
  const file = resultFile('playwright.json');
  const chromium = await findChromium();
  return run({
    name: 'playwright',
    filter,
    command: 'yarn',
    args: [
      'playwright',
      'test',
      '--reporter=line,json',
      '--pass-with-no-tests',
      ...filter,
    ],
    env: {
      ...env,
      PORTAL_CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    },
    read() {
      if (!existsSync(file)) throw new Error('no results');
      const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'));
      return {
        passed: stats.expected,
        // A test that passes only when repeated is not a test that passes.
        failed: stats.unexpected + stats.flaky + errors.length,
        skipped: stats.skipped,
      };
    },
  });
}
