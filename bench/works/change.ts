import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../dev/portal/paths.ts';
import { check, figure, judged } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { median, quantile, sum } from '../measure/statistics.ts';
import { until } from '../portal/BenchPortal.ts';
import type { RawList } from './requests.ts';
import type { OneCluster, Work } from './Surroundings.ts';

/** Where our streams say how many milliseconds they collect changes: chosen, so not counted. */
const WINDOWS = [
  ['streams/Outbox.ts', /\bWINDOW_MS = (\d+)/],
  ['tables/TableTopic.ts', /\bCOALESCE_MS = (\d+)/],
] as const;
const PAUSE_MS = 60;
/** The first one waits for the stream, and that for the discovery of kinds; a change that is lost never comes. */
const ARRIVES_WITHIN_MS = 60_000;
const LABEL = 'bench-change';

function read(file: string, pattern: RegExp): number {
  const path = join(ROOT, 'plugins/k8s-backend/src', file);
  const [, value] = pattern.exec(readFileSync(path, 'utf8')) ?? [];
  if (!value) throw new Error(`${file} does not say its window any more`);
  return Number(value);
}

/** Notes when a mark is first seen in what arrives. */
class Marks {
  readonly #seen = new Map<string, number>();
  #rest = '';

  readonly take = (chunk: Buffer) => {
    const text = this.#rest + chunk.toString('latin1');
    for (const [mark] of text.matchAll(/mark-\d+-x/g)) {
      if (!this.#seen.has(mark)) this.#seen.set(mark, performance.now());
    }
    // A mark may be cut in two.
    this.#rest = text.slice(-20);
  };

  at(mark: string): number | undefined {
    return this.#seen.get(mark);
  }
}

/** W7: a label of a deployment changes, and the browser has it. */
export const change: Work<OneCluster> = {
  ids: ['W7'],
  async run({ size, server, portal, cluster }) {
    const raw = server.client();
    const user = await portal.client();
    const { items } = await raw.json<RawList>('GET /apis/apps/v1/deployments');
    const { namespace, name } = items[0].metadata;
    const [watched, streamed] = [new Marks(), new Marks()];
    const endWatch = await raw.follow(
      `GET /apis/apps/v1/namespaces/${namespace}/deployments?watch=true`,
      { onChunk: watched.take },
    );
    const topic = { topic: 'resources', group: 'apps', plural: 'deployments' };
    const endStream = await user.follow('POST /api/k8s/streams', {
      body: { subscriptions: [{ id: 'w7', cluster, namespace, ...topic }] },
      onChunk: streamed.take,
    });
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    const patch = (client: HttpClient, mark: string) =>
      client.call(`PATCH ${path}`, {
        body: { metadata: { labels: { [LABEL]: mark } } },
        contentType: 'application/merge-patch+json',
      });
    const windowMs = sum(WINDOWS.map(([file, pattern]) => read(file, pattern)));
    const latencies: Record<'raw' | 'ours', number[]> = { raw: [], ours: [] };
    // The first ones wait for the stream to be live.
    for (let count = -2; count < size.changes; count += 1) {
      const mark = `mark-${Date.now()}${Math.abs(count)}-x`;
      const start = performance.now();
      await patch(raw, mark);
      await until(
        `the change ${mark} has arrived`,
        async () =>
          watched.at(mark) !== undefined && streamed.at(mark) !== undefined,
        { withinMs: ARRIVES_WITHIN_MS },
      );
      if (count >= 0) {
        latencies.raw.push((watched.at(mark) ?? 0) - start);
        latencies.ours.push((streamed.at(mark) ?? 0) - start - windowMs);
      }
      // Not in step with the window.
      await sleep(Math.random() * PAUSE_MS);
    }
    endWatch();
    endStream();
    raw.close();
    user.close();
    check(latencies.ours.length === size.changes, 'W7: changes are missing');
    const what = 'from a change of a label to the browser';
    const rawMiddle = median(latencies.raw);
    const rawTail = quantile(latencies.raw, 0.99);
    // The window can end early when another change had opened it; nothing is faster than nothing.
    const ours = latencies.ours.map(latency => Math.max(latency, 0));
    const middleMs = median(ours);
    const tailMs = quantile(ours, 0.99);
    return [
      figure('W7.p50', 'raw', { figure: rawMiddle, unit: 'ms', what }),
      figure('W7.p99', 'raw', { figure: rawTail, unit: 'ms', what }),
      figure('W7.felt', 'ours', {
        ...{ figure: median(latencies.ours) + windowMs, unit: 'ms' },
        what: `${what}, with the ${windowMs} ms that changes are collected`,
      }),
      judged('W7.p50', 'ours', {
        ...{
          figure: middleMs,
          unit: 'ms',
          what: `${what}, without the window`,
        },
        ...{ ratio: middleMs / rawMiddle, atMost: 3, of: 'raw' },
      }),
      judged('W7.p99', 'ours', {
        ...{ figure: tailMs, unit: 'ms', what: `${what}, without the window` },
        ...{ ratio: tailMs / rawTail, atMost: 5, of: 'raw' },
      }),
    ];
  },
};
