import { figure, judged } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { median } from '../measure/statistics.ts';
import { until } from '../portal/BenchPortal.ts';
import { pagedList, tableRoute } from './requests.ts';
import type { RawList, TableAnswer } from './requests.ts';
import { liveTable } from './tables.ts';
import type { OneCluster, Work } from './Surroundings.ts';

const FIRST_ROWS = 50;
const GOALS = { first: 0.2, synced: 1.5 };
const LONGEST_DELAY_MS = 50;

interface Kind {
  path: string;
  /** As our routes call it. */
  name: string;
}

interface Discovered {
  groupVersion: string;
  resources: { name: string; verbs: string[] }[];
}

/** All kinds that can be listed and watched, in the version that each group prefers. */
async function kindsOf(raw: HttpClient): Promise<Kind[]> {
  const { groups } = await raw.json<{
    groups: { name: string; preferredVersion: { groupVersion: string } }[];
  }>('GET /apis');
  const bases = [
    { group: 'core', base: '/api/v1' },
    ...groups.map(({ name, preferredVersion }) => ({
      group: name,
      base: `/apis/${preferredVersion.groupVersion}`,
    })),
  ];
  const found = await Promise.all(
    bases.map(async ({ group, base }) => {
      const { resources } = await raw.json<Discovered>(`GET ${base}`);
      return resources
        .filter(
          ({ name, verbs }) =>
            !name.includes('/') &&
            verbs.includes('list') &&
            verbs.includes('watch') &&
            // Events are in two groups, and listed once.
            !(group === 'events.k8s.io' && name === 'events'),
        )
        .map(({ name }) => ({
          path: `${base}/${name}`,
          name: `${group}/${name}`,
        }));
    }),
  );
  return found.flat();
}

/** From the first request to a cluster that nobody has asked for yet to its first page, and until all of it is known. */
export const coldStart: Work<OneCluster> = {
  ids: ['start', 'delay'],
  async run({ size, server, portal }) {
    const raw = server.client();
    const user = await portal.client();
    const kinds = await kindsOf(raw);
    const { items } = await raw.json<RawList>('GET /apis/apps/v1/deployments');
    const enough = Math.min(FIRST_ROWS, items.length);
    const times: Record<'raw' | 'first' | 'synced' | 'delay', number[]> = {
      ...{ raw: [], first: [], synced: [], delay: [] },
    };
    let [known] = (await portal.clusters()).values();
    const [name] = (await portal.clusters()).keys();
    for (let round = 0; round < size.rounds; round += 1) {
      const rawStart = performance.now();
      await Promise.all(kinds.map(({ path }) => pagedList(raw, path)));
      times.raw.push(performance.now() - rawStart);

      await portal.remove(known);
      known = await portal.register({
        ...{ name, server: server.url, certificateAuthority: server.ca },
        token: server.token('ours'),
      });
      await portal.reset();
      const start = performance.now();
      const elapsed = async (work: Promise<unknown>) => {
        await work;
        return performance.now() - start;
      };
      const [first, synced] = await Promise.all([
        elapsed(firstPage(user, { cluster: known, enough })),
        elapsed(
          Promise.all(
            kinds.map(kind =>
              liveTable(user, tableRoute(known, kind.name, 'limit=1')),
            ),
          ),
        ),
      ]);
      times.first.push(first);
      times.synced.push(synced);
      const { delayMs } = await portal.report();
      times.delay.push(delayMs.p99);
    }
    raw.close();
    user.close();
    const base = median(times.raw);
    const first = median(times.first);
    const synced = median(times.synced);
    return [
      figure('start', 'raw', {
        ...{ figure: base, unit: 'ms' },
        what: `the paged lists of all ${kinds.length} kinds, all at once`,
      }),
      judged('start.first', 'ours', {
        ...{ figure: first, unit: 'ms', what: 'to the first useful page' },
        ...{ ratio: first / base, atMost: GOALS.first, of: 'raw' },
      }),
      judged('start.synced', 'ours', {
        ...{ figure: synced, unit: 'ms', what: 'until all kinds are live' },
        ...{ ratio: synced / base, atMost: GOALS.synced, of: 'raw' },
      }),
      judged('delay.start', 'ours', {
        ...{ figure: median(times.delay), unit: 'ms' },
        ...{ atMost: LONGEST_DELAY_MS },
        what: `event loop delay meanwhile, with ${size.pods} pods, 99th percentile`,
      }),
    ];
  },
};

async function firstPage(
  user: HttpClient,
  options: { cluster: string; enough: number },
) {
  const { cluster, enough } = options;
  const route = tableRoute(
    cluster,
    'apps/deployments',
    `limit=${FIRST_ROWS}&sort=name`,
  );
  await until('there is a first page', async () => {
    const { status, body } = await user.ask(route);
    if (status !== 200) return false;
    const { rows }: TableAnswer = JSON.parse(body.toString('utf8'));
    return rows.length >= enough;
  });
}
