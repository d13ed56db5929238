import { setTimeout as sleep } from 'node:timers/promises';
import { check, figure, judged } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { SYNC_WITHIN_MS, until } from '../portal/BenchPortal.ts';
import { WORDS } from '../rig/objects.ts';
import { fleetRoute, totalOf } from './requests.ts';
import type { RawList, TableAnswer } from './requests.ts';
import type { ManyClusters, Work } from './Surroundings.ts';

const OF_RAW = 0.005;
const MOST_PER_POD = 2_048;
const LONGEST_DELAY_MS = 50;
/** Part of the names of one pod in twenty. */
const [PART] = WORDS;
/** More would only wait for one another: the API servers are one. */
const LISTS_AT_ONCE = 10;

/** W5: pods by a part of their name over all clusters; and what having them costs. */
export const search: Work<ManyClusters> = {
  ids: ['W5', 'memory', 'delay'],
  async run(around) {
    const { size, fleet, portal, known } = around;
    const raw = fleet.server.client();
    const { items } = await raw.json<RawList>('GET /api/v1/pods');
    raw.close();
    const pods = items.length * known;
    const expected =
      items.filter(({ metadata }) => metadata.name.includes(PART)).length *
      known;
    const user = await portal.client();
    const route = fleetRoute('core/pods', `search=${PART}&limit=100&sort=name`);
    await portal.reset();
    const before = portal.memory();
    let answer: TableAnswer | undefined;
    const isLive = async () => {
      const { status, body } = await user.ask(route);
      if (status !== 200) return false;
      answer = JSON.parse(body.toString('utf8')) as TableAnswer;
      const { clusters = [] } = answer;
      return (
        clusters.length === known &&
        clusters.every(({ cache }) => cache.state === 'live')
      );
    };
    await until('all clusters are searched', isLive, {
      withinMs: SYNC_WITHIN_MS,
    });
    const { delayMs } = await portal.report();
    await sleep(size.settleMs);
    await portal.reset();
    const perPod = (portal.memory() - before) / pods;
    check(
      answer !== undefined && totalOf(answer) === expected,
      `W5: ${answer && totalOf(answer)} pods are found instead of ${expected}`,
    );
    check(
      answer.rows.every(({ name }) => name.includes(PART)),
      'W5: a pod is found that is not called so',
    );
    const clients = fleet.clusters
      .slice(0, known)
      .map(({ url }) => fleet.server.client('raw', { url }));
    const times = await interleave(
      {
        raw: () => listAll(clients),
        ours: async () => {
          // The flood of lists before has passed: what it does to clusters is not what is measured.
          await until('all clusters are live again', isLive);
          const milliseconds: number[] = [];
          for (let count = 0; count < size.requests; count += 1) {
            milliseconds.push((await user.call(route)).ms);
          }
          return median(milliseconds);
        },
      },
      { rounds: size.rounds, requests: 1 },
    );
    clients.forEach(client => client.close());
    user.close();
    const base = middle(times.raw);
    const ours = middle(times.ours);
    return [
      figure('W5', 'raw', {
        ...{ figure: base, unit: 'ms' },
        what: `the lists of ${pods} pods on ${known} clusters`,
      }),
      judged('W5', 'ours', {
        ...{ figure: ours, unit: 'ms', ratio: ours / base },
        ...{ atMost: OF_RAW, of: 'raw' },
        what: `those of ${pods} pods on ${known} clusters with a name like "${PART}"`,
      }),
      judged('memory', 'ours', {
        ...{ figure: perPod, unit: 'bytes', atMost: MOST_PER_POD },
        what: `resident memory per cached pod, ${pods} pods`,
      }),
      judged('delay.sync', 'ours', {
        ...{ figure: delayMs.p99, unit: 'ms', atMost: LONGEST_DELAY_MS },
        what: `event loop delay while ${pods} pods are read for the first time, 99th percentile`,
      }),
    ];
  },
};

/** The lists of all clusters, some at once. @returns milliseconds */
async function listAll(clients: HttpClient[]): Promise<number> {
  const start = performance.now();
  const left = clients.values();
  await Promise.all(
    Array.from({ length: LISTS_AT_ONCE }, async () => {
      for (const client of left) await client.call('GET /api/v1/pods');
    }),
  );
  return performance.now() - start;
}
