import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../Problem.ts';
import { buildApp } from '../buildApp.ts';
import { installPackages } from '../installPackages.ts';
import { LOGS } from '../paths.ts';
import { step } from '../progress.ts';
import { closingLine, sum } from './Counts.ts';
import type { Counts } from './Counts.ts';
import {
  runChecks,
  runGo,
  runJest,
  runNodeTests,
  runPlaywright,
} from './runners.ts';
import type { TestEnvironment } from './runners.ts';
import { startPostgres } from './startPostgres.ts';
import { startTestClusters } from './startTestClusters.ts';
import { untilInterrupted } from '../untilInterrupted.ts';

type Runner = (environment: TestEnvironment) => Promise<Counts>;

interface Part {
  needsClusters: boolean;
  needsApp: boolean;
  runners: Runner[];
}

/** Named after what `./portal test` is told. */
const PARTS: Record<string, Part> = {
  unit: {
    needsClusters: false,
    needsApp: false,
    runners: [
      runChecks,
      runJest,
      runGo,
      environment => runNodeTests('dev/portal', environment),
    ],
  },
  integration: {
    needsClusters: true,
    needsApp: true,
    runners: [environment => runNodeTests('tests/integration', environment)],
  },
  e2e: { needsClusters: true, needsApp: true, runners: [runPlaywright] },
};

/** Those that do not run files that one could choose. */
const NOT_OF_FILES = [runChecks, runGo];

const ONE_FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

/**
 * Runs all tests, or a part of them, and closes with one line that counts them.
 *
 * @param filter - parts of file names; with one, only the runners of files run
 * @returns whether some ran and none failed
 */
export async function runTests(
  part: string | undefined,
  filter: string[],
): Promise<boolean> {
  const names = part === undefined ? Object.keys(PARTS) : [part];
  const unknown = names.find(name => !PARTS[name]);
  if (unknown) {
    throw new Problem(
      `There are no tests called "${unknown}": it is unit, integration or e2e.`,
    );
  }
  mkdirSync(LOGS, { recursive: true });
  const interrupted = untilInterrupted();
  const surroundings = new Surroundings();
  const all: Counts[] = [];
  const work = async () => {
    for (const name of names) {
      all.push(...(await runPart(PARTS[name], { filter, surroundings })));
    }
  };
  try {
    await Promise.race([work(), interrupted]);
  } finally {
    await surroundings.stop();
  }
  if (interrupted.isOver) throw new Problem('The tests were interrupted.');
  const counts = sum(all);
  const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
  if (isEmpty) console.log('No test matches.');
  const result = isEmpty ? ONE_FAILED : counts;
  console.log(closingLine(result));
  return result.failed === 0;
}

async function runPart(
  part: Part,
  options: { filter: string[]; surroundings: Surroundings },
): Promise<Counts[]> {
  const { filter, surroundings } = options;
  const all: Counts[] = [];
  try {
    const env = await surroundings.prepare(part);
    for (const runner of part.runners) {
      if (filter.length > 0 && NOT_OF_FILES.includes(runner)) continue;
      all.push(await runner({ filter, env }));
    }
  } catch (error) {
    // What cannot be started has failed the tests that need it; they are not skipped. Other parts may still run.
    console.error(error instanceof Problem ? error.message : error);
    all.push(ONE_FAILED);
  }
  return all;
}

/** What tests need around them, started when the first part asks for it. */
class Surroundings {
  readonly #env: Record<string, string> = {};
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #done = new Set<string>();

  /** @returns the environment that tells the tests of it. @throws Problem when something does not start */
  async prepare(needed: Part): Promise<Record<string, string>> {
    await this.#once('packages', installPackages);
    await this.#once('postgres', () => this.#startPostgres());
    if (needed.needsApp) await this.#once('app', buildApp);
    if (needed.needsClusters) {
      await this.#once('clusters', () => this.#startClusters());
    }
    return { ...this.#env };
  }

  /** Ends what was started, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) {
      await stop().catch(error => console.error(error));
    }
  }

  async #once(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#done.has(name)) return;
    await work();
    this.#done.add(name);
  }

  async #startPostgres(): Promise<void> {
    const postgres = await step('Start PostgreSQL', () =>
      startPostgres(join(LOGS, 'postgres.log')),
    );
    this.#stops.push(postgres.stop);
    this.#env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING =
      postgres.url;
    this.#env.TEST_POSTGRES_URL = postgres.url;
  }

  async #startClusters(): Promise<void> {
    const clusters = await startTestClusters();
    this.#stops.push(clusters.stop);
    Object.assign(this.#env, clusters.env);
  }
}
