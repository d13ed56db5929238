import { check, figure, judged } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { quantile } from '../measure/statistics.ts';
import { SYNC_WITHIN_MS, until } from '../portal/BenchPortal.ts';
import { FLOOR, tableRoute, totalOf } from './requests.ts';
import type { RawList, RawObject, TableAnswer } from './requests.ts';
import type { OneCluster, Work } from './Surroundings.ts';

const RAW = 'GET /apis/apps/v1/deployments';
const PAGE = 50;
const LARGEST_PAGE = 10_000;
const LONGEST_STEP_MS = 20;
const MEGABYTE = 1e6;

/** Names in the order that our tables have: by name, then by namespace. */
function inOrder(items: RawObject[]): RawObject[] {
  const key = ({ metadata }: RawObject) => [
    metadata.name,
    metadata.namespace ?? '',
  ];
  return [...items].sort((one, other) => {
    const [name, namespace] = key(one);
    const [otherName, otherNamespace] = key(other);
    if (name !== otherName) return name < otherName ? -1 : 1;
    return namespace < otherNamespace ? -1 : 1;
  });
}

/** Reads a table until it is live. */
export async function liveTable(
  user: HttpClient,
  route: string,
): Promise<TableAnswer> {
  let answer: TableAnswer | undefined;
  await until(
    `${route} is live`,
    async () => {
      const { status, body } = await user.ask(route);
      if (status !== 200) return false;
      answer = JSON.parse(body.toString('utf8')) as TableAnswer;
      return answer.cache?.state === 'live';
    },
    { withinMs: SYNC_WITHIN_MS },
  );
  if (!answer) throw new Error('There is no answer');
  return answer;
}

/** @throws WrongAnswer unless the rows are these objects, in this order, with their counts */
function checkRows(table: TableAnswer, expected: RawObject[], id: string) {
  const ready = table.columns.findIndex(column => column.id === 'ready');
  check(ready >= 0, `${id}: there is no column of ready counts`);
  check(
    table.rows.length === expected.length,
    `${id}: ${table.rows.length} rows instead of ${expected.length}`,
  );
  table.rows.forEach(({ name, namespace, cells }, index) => {
    const { metadata, status } = expected[index];
    check(
      name === metadata.name && namespace === metadata.namespace,
      `${id}: row ${index} is ${namespace}/${name} instead of ${metadata.namespace}/${metadata.name}`,
    );
    const count = Number.parseInt(String(cells[ready]), 10);
    check(
      count === (status?.readyReplicas ?? 0),
      `${id}: ${name} has ${cells[ready]} ready instead of ${status?.readyReplicas}`,
    );
  });
}

/** W2, W3 and the list of W10: tables of a cluster with many deployments. */
export const tables: Work<OneCluster> = {
  ids: ['W2', 'W3', 'W10'],
  async run(around) {
    const { size, server, portal, cluster } = around;
    const raw = server.client();
    const user = await portal.client();
    const expected = inOrder((await raw.json<RawList>(RAW)).items);
    const pageRoute = tableRoute(
      cluster,
      'apps/deployments',
      `limit=${PAGE}&sort=name`,
    );
    const wholeRoute = tableRoute(
      cluster,
      'apps/deployments',
      `limit=${LARGEST_PAGE}&sort=name`,
    );
    const page = await liveTable(user, pageRoute);
    check(totalOf(page) === expected.length, 'W2: the total is wrong');
    checkRows(page, expected.slice(0, PAGE), 'W2');
    const whole = await liveTable(user, wholeRoute);
    checkRows(whole, expected.slice(0, LARGEST_PAGE), 'W3');

    const ofPage = await interleave(
      {
        raw: async () => (await raw.call(RAW)).ms,
        // Many to one: a percentile needs them.
        floor: () => repeatedly(user, FLOOR, size.requests),
        ours: () => repeatedly(user, pageRoute, size.requests),
      },
      { rounds: size.rounds, requests: 1 },
    );
    const tail = await interleave(
      {
        floor: async () => (await user.call(FLOOR)).ms,
        ours: async () => (await user.call(pageRoute)).ms,
      },
      { rounds: size.rounds, requests: 4 * size.requests },
    );
    const ofWhole = await interleave(
      {
        raw: async () => (await raw.call(RAW)).ms,
        ours: async () => (await user.call(wholeRoute)).ms,
      },
      { rounds: size.rounds, requests: 1 },
    );
    await portal.reset();
    for (let count = 0; count < size.rounds; count += 1) {
      await user.call(wholeRoute);
    }
    const { delayMs } = await portal.report();
    const figures = [
      ...pageFigures(ofPage, tail),
      ...wholeFigures(ofWhole, delayMs.max),
      ...(await megabyte(around, { raw, user, rows: expected.length })),
    ];
    raw.close();
    user.close();
    return figures;
  },
};

/** The mean of several, so that one slow one does not hide. */
async function repeatedly(
  client: HttpClient,
  route: string,
  times: number,
): Promise<number> {
  let total = 0;
  for (let count = 0; count < times; count += 1) {
    total += (await client.call(route)).ms;
  }
  return total / times;
}

type Times<Subject extends string> = Record<Subject, number[][]>;

function pageFigures(
  times: Times<'raw' | 'floor' | 'ours'>,
  tail: Times<'floor' | 'ours'>,
): Figure[] {
  const raw = middle(times.raw);
  const floor = middle(tail.floor);
  const p99 = quantile(tail.ours.flat(), 0.99);
  const what = 'first page of 50 of all deployments, sorted';
  return [
    figure('W2', 'raw', { figure: raw, unit: 'ms', what: 'the whole list' }),
    figure('W2', 'floor', {
      figure: floor,
      unit: 'ms',
      what: 'an empty answer',
    }),
    judged('W2', 'ours', {
      ...{ figure: middle(times.ours), unit: 'ms', what },
      ...{ ratio: middle(times.ours) / raw, atMost: 0.02, of: 'raw' },
    }),
    judged('W2.p99', 'ours', {
      ...{ figure: p99, unit: 'ms', what: `${what}, 99th percentile` },
      ...{ ratio: p99 / floor, atMost: 5, of: 'floor' },
    }),
  ];
}

function wholeFigures(
  times: Times<'raw' | 'ours'>,
  longestStepMs: number,
): Figure[] {
  const raw = middle(times.raw);
  const ours = middle(times.ours);
  const what = 'all deployments as one table';
  return [
    figure('W3', 'raw', { figure: raw, unit: 'ms', what: 'the whole list' }),
    judged('W3', 'ours', {
      ...{ figure: ours, unit: 'ms', what },
      ...{ ratio: ours / raw, atMost: 0.1, of: 'raw' },
    }),
    judged('W3.step', 'ours', {
      ...{ figure: longestStepMs, unit: 'ms', atMost: LONGEST_STEP_MS },
      what: 'longest step that blocked the event loop meanwhile',
    }),
  ];
}

/** W10's list: as many bytes through us and direct. */
async function megabyte(
  { size, cluster }: OneCluster,
  clients: { raw: HttpClient; user: HttpClient; rows: number },
): Promise<Figure[]> {
  const { raw, user, rows } = clients;
  const limit = async (client: HttpClient, route: (n: number) => string) => {
    const sample = Math.min(rows, 50);
    const { body } = await client.call(route(sample));
    const wanted = Math.round(MEGABYTE / (body.length / sample));
    return Math.max(1, Math.min(wanted, LARGEST_PAGE, rows));
  };
  const rawRoute = (count: number) => `${RAW}?limit=${count}`;
  const ourRoute = (count: number) =>
    tableRoute(cluster, 'apps/deployments', `limit=${count}`);
  const direct = rawRoute(await limit(raw, rawRoute));
  const through = ourRoute(await limit(user, ourRoute));
  const times = await interleave(
    {
      raw: async () => (await raw.call(direct)).ms,
      ours: async () => (await user.call(through)).ms,
    },
    { rounds: size.rounds, requests: size.requests },
  );
  const base = middle(times.raw);
  const ours = middle(times.ours);
  const what = 'a list of 1 MB';
  return [
    figure('W10.list', 'raw', { figure: base, unit: 'ms', what }),
    judged('W10.list', 'ours', {
      ...{ figure: ours, unit: 'ms', what },
      ...{ ratio: ours / base, atMost: 1.15, of: 'raw' },
    }),
  ];
}
