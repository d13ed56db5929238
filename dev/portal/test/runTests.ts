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

type Runner = (environment: TestEnvironment) => Promise<Counts>;

/** Named after what `./portal test` is told; each with what it has to be given, and what it runs. */
const PARTS: Record<
  string,
  { needsClusters: boolean; needsApp?: boolean; runners: Runner[] }
> = {
  unit: {
    needsClusters: false,
    runners: [
      runChecks,
      runJest,
      runGo,
      environment => runNodeTests('dev/portal', environment),
    ],
  },
  integration: {
    needsClusters: true,
    runners: [environment => runNodeTests('tests/integration', environment)],
  },
  e2e: { needsClusters: true, needsApp: true, runners: [runPlaywright] },
};

/**
 * Runs all tests, or a part of them, and closes with one line that counts them.
 *
 * @param filter - parts of file names; with one, only the runners of files run
 * @returns whether none failed
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
  const stops: (() => Promise<void>)[] = [];
  const all: Counts[] = [];
  const env: Record<string, string> = {};
  try {
    await installPackages();
    const postgres = await step('Start PostgreSQL', () =>
      startPostgres(join(LOGS, 'postgres.log')),
    );
    stops.push(postgres.stop);
    env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING = postgres.url;
    env.TEST_POSTGRES_URL = postgres.url;
    if (names.some(name => PARTS[name].needsApp)) await buildApp();
    if (names.some(name => PARTS[name].needsClusters)) {
      const clusters = await startTestClusters();
      stops.push(clusters.stop);
      Object.assign(env, clusters.env);
    }
    for (const name of names) {
      const isFiltered = filter.length > 0;
      for (const runner of PARTS[name].runners) {
        if (isFiltered && (runner === runChecks || runner === runGo)) continue;
        all.push(await runner({ filter, env }));
      }
    }
  } catch (error) {
    // What cannot be started has failed all the tests that need it; they are not skipped.
    console.error(error instanceof Problem ? error.message : error);
    all.push({ passed: 0, failed: 1, skipped: 0 });
  } finally {
    for (const stop of stops.reverse()) {
      await stop().catch(error => console.error(error));
    }
  }
  const counts = sum(all);
  console.log(closingLine(counts));
  return counts.failed === 0;
}
