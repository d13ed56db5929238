import { setTimeout as sleep } from 'node:timers/promises';
import { check, judged, figure } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import { until } from '../portal/BenchPortal.ts';
import type { Changer } from '../rig/Changer.ts';
import type { ManyClusters } from './Surroundings.ts';

const BURST_MS = 4_000;
const SMALL_BURST_MS = 500;
const AT_LEAST = 0.4;
const SECOND_MS = 1_000;
/** Milliseconds that the lines are parsed again and again, since once is too short to be measured. */
const PARSE_FOR_MS = 500;

/** Changes taken in per core and second, compared with bare JSON.parse of the same lines. */
export async function takenIn(
  { size, fleet, portal, known }: ManyClusters,
  { changer }: { changer: Changer },
): Promise<Figure[]> {
  const lines: Buffer[] = [];
  const raw = fleet.server.client();
  const { metadata } = await raw.json<{
    metadata: { resourceVersion: string };
  }>('GET /api/v1/pods?limit=1');
  const stopReading = await raw.follow(
    `GET /api/v1/pods?watch=true&resourceVersion=${metadata.resourceVersion}`,
    { onChunk: chunk => lines.push(chunk) },
  );
  const idleMs = 2 * size.settleMs;
  const idleBefore = portal.cpu();
  await sleep(idleMs);
  const idle = (portal.cpu() - idleBefore) / (idleMs / SECOND_MS);
  const before = portal.cpu();
  const start = performance.now();
  const made = await changer.burst(
    size.name === 'XS' ? SMALL_BURST_MS : BURST_MS,
  );
  const text = () => Buffer.concat(lines).toString('utf8').split('\n');
  await until('the changes are there', async () => text().length > made);
  // What is still under way is part of it.
  await sleep(size.settleMs);
  const seconds = (performance.now() - start) / SECOND_MS;
  const used = portal.cpu() - before - idle * seconds;
  stopReading();
  raw.close();
  const whole = text().filter(line => line !== '');
  check(whole.length >= made, 'changes: the raw watch has lost some');
  const ours = (made * known) / Math.max(used, 0.01);
  const parse = parsedPerSecond(whole);
  const what = 'changes of pods';
  return [
    figure('changes', 'raw', {
      ...{ figure: parse, unit: 'per core and second' },
      what: 'bare JSON.parse of the same lines',
    }),
    judged('changes', 'ours', {
      ...{ figure: ours, unit: 'per core and second', ratio: ours / parse },
      ...{ atLeast: AT_LEAST, of: 'JSON.parse' },
      what: `${made * known} ${what} taken in, ${known} clusters`,
    }),
  ];
}

function parsedPerSecond(lines: string[]): number {
  const end = performance.now() + PARSE_FOR_MS;
  const before = process.cpuUsage();
  let parsed = 0;
  while (performance.now() < end) {
    for (const line of lines) JSON.parse(line);
    parsed += lines.length;
  }
  const { user, system } = process.cpuUsage(before);
  return parsed / ((user + system) / 1e6);
}
