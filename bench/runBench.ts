import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../dev/portal/buildApp.ts';
import { buildPrograms } from '../dev/portal/clusters/buildPrograms.ts';
import { LOGS } from '../dev/portal/paths.ts';
import { step } from '../dev/portal/progress.ts';
import { startPostgres } from '../dev/portal/test/startPostgres.ts';
import type { Figure } from './Figure.ts';
import { BenchPortal } from './portal/BenchPortal.ts';
import { ApiServer } from './rig/ApiServer.ts';
import { fleetCluster, tableCluster, wholeCluster } from './rig/contents.ts';
import type { Contents } from './rig/fill.ts';
import { startFilled } from './rig/fill.ts';
import { Fleet } from './rig/Fleet.ts';
import type { Size } from './sizes.ts';
import { browser, scroll } from './works/browser.ts';
import { blackHole } from './works/blackHole.ts';
import { change } from './works/change.ts';
import { coldStart } from './works/coldStart.ts';
import { idle } from './works/idle.ts';
import { impersonation } from './works/impersonation.ts';
import { logs } from './works/logs.ts';
import { oneDeployment } from './works/oneDeployment.ts';
import { openPages } from './works/openPages.ts';
import { search } from './works/search.ts';
import { services } from './works/services.ts';
import type { ManyClusters, OneCluster, Work } from './works/Surroundings.ts';
import { tables } from './works/tables.ts';

/** Works on one cluster; the last one registers it anew. */
const OF_WHOLE = [oneDeployment, change, logs, browser, scroll, coldStart];
const OF_TABLE = [tables];
/** Works on a fleet that grows; each is done when so many clusters are known. */
const FEW = 10;
const OF_FLEET: [number, Work<ManyClusters>[]][] = [
  [1, [services]],
  [FEW, [services, blackHole, openPages, impersonation]],
];
/** In a portal of their own, with nothing in memory yet. */
const OF_ALL = [search, idle, services];

/** Which rows are wanted: all, or those that begin so. */
export type Wanted = (work: { ids: readonly string[] }) => boolean;

/** Where what was measured goes, as soon as it is, and what could not be. */
export interface Take {
  figures(figures: Figure[]): void;
  failure(failure: { ids: readonly string[]; error: unknown }): void;
}

/** What one stage of a run needs. */
interface Stage {
  size: Size;
  portals: Portals;
  take: Take;
}

/**
 * Measures everything that is wanted, one thing after the other; what fails does not keep the others from being measured.
 *
 * @throws what keeps it from going on at all
 */
export async function runBench(
  size: Size,
  options: { wanted: Wanted; take: Take },
): Promise<void> {
  const { wanted, take } = options;
  await buildPrograms();
  // The smallest size runs among tests that have no browser.
  const isWanted: Wanted = work =>
    wanted(work) &&
    !(size.sharesPortal && (work === browser || work === scroll));
  if (isWanted(browser) || isWanted(scroll)) await buildApp();
  await during(async onEnd => {
    // Within the tests there is one already.
    if (!process.env.TEST_POSTGRES_URL) {
      mkdirSync(LOGS, { recursive: true });
      const postgres = await step('Start PostgreSQL', () =>
        startPostgres(join(LOGS, 'bench-postgres.log')),
      );
      onEnd(() => postgres.stop());
      process.env.TEST_POSTGRES_URL = postgres.url;
    }
    const portals = new Portals(size);
    onEnd(() => portals.stop());
    const stage = { size, portals, take };
    await onOne(stage, {
      ...{ name: 'whole', contents: wholeCluster(size) },
      works: OF_WHOLE.filter(isWanted),
    });
    await onOne(stage, {
      ...{ name: 'table', contents: tableCluster(size) },
      works: OF_TABLE.filter(wanted),
    });
    await onFleet(stage, wanted);
  });
}

/** The portals of the stages: a fresh one for each, or, where figures do not count, one for all. */
class Portals {
  #running?: BenchPortal;
  readonly #size: Size;

  constructor(size: Size) {
    this.#size = size;
  }

  async next(name: string): Promise<BenchPortal> {
    if (this.#running && this.#size.sharesPortal) {
      await this.#running.removeAll();
      return this.#running;
    }
    await this.stop();
    this.#running = await step(`Start the portal (${name})`, () =>
      BenchPortal.start(name),
    );
    return this.#running;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }
}

/** Ends what was begun, the last first, whatever happens. */
async function during<T>(
  work: (onEnd: (end: () => Promise<void>) => void) => Promise<T>,
): Promise<T> {
  const ends: (() => Promise<void>)[] = [];
  try {
    return await work(end => ends.unshift(end));
  } finally {
    for (const end of ends) await end();
  }
}

const folderOf = (size: Size, name: string) => `${size.name}-${name}`;

function startServer(size: Size, name: string, contents: Contents) {
  const server = new ApiServer(folderOf(size, name));
  return step(`Start an API server (${name})`, async () => {
    await startFilled(server, contents);
    return server;
  });
}

async function onOne(
  { size, portals, take }: Stage,
  options: { name: string; contents: Contents; works: Work<OneCluster>[] },
): Promise<void> {
  const { name, contents, works } = options;
  if (works.length === 0) return;
  await during(async onEnd => {
    const server = await startServer(size, name, contents);
    onEnd(() => server.stop());
    const portal = await portals.next(name);
    const cluster = await portal.register({
      ...{ name, server: server.url, certificateAuthority: server.ca },
      token: server.token('ours'),
    });
    const around = { size, server, portal, cluster };
    await inTurn(works, { around, take });
  });
}

async function onFleet(stage: Stage, wanted: Wanted): Promise<void> {
  const { size } = stage;
  const growing = OF_FLEET.map(
    ([known, works]) =>
      [Math.min(known, size.fleet), works.filter(wanted)] as const,
  ).filter(([, works]) => works.length > 0);
  const all = OF_ALL.filter(wanted);
  if (growing.length + all.length === 0) return;
  await during(async onEnd => {
    const server = await startServer(size, 'fleet', fleetCluster(size));
    onEnd(() => server.stop());
    const fleet = await Fleet.start(server, size.fleet);
    onEnd(() => fleet.stop());
    await onPortal('few', { ...stage, fleet, steps: growing });
    await onPortal('all', { ...stage, fleet, steps: [[size.fleet, all]] });
  });
}

async function onPortal(
  name: string,
  options: Stage & {
    fleet: Fleet;
    steps: (readonly [number, Work<ManyClusters>[]])[];
  },
): Promise<void> {
  const { size, portals, take, fleet, steps } = options;
  if (steps.every(([, works]) => works.length === 0)) return;
  const portal = await portals.next(name);
  const [first, ...others] = fleet.clusters;
  await portal.register(fleet.access(first, 'ours'));
  const around = { size, fleet, portal };
  let known = 1;
  for (const [wantedClusters, works] of steps) {
    await portal.seed(
      others
        .slice(known - 1, wantedClusters - 1)
        .map(one => fleet.access(one, 'ours')),
    );
    known = wantedClusters;
    portal.tellPlugin(
      fleet.clusters.slice(0, known).map(one => fleet.access(one, 'plugin')),
    );
    await inTurn(works, { around: { ...around, known }, take });
  }
}

async function inTurn<Around>(
  works: Work<Around>[],
  { around, take }: { around: Around; take: Take },
): Promise<void> {
  for (const work of works) {
    const title = `Measure ${work.ids.join(', ')}`;
    try {
      take.figures(await step(title, () => work.run(around)));
    } catch (error) {
      take.failure({ ids: work.ids, error });
    }
  }
}
