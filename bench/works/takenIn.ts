import { setTimeout as sleep } from 'node:timers/promises';
import { check, judged, figure } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
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
  const raw = fleet.server.client();
  const watch = await RawWatch.open(raw);
  const idleMs = 2 * size.settleMs;
  const idleBefore = portal.cpu();
  await sleep(idleMs);
  const idle = (portal.cpu() - idleBefore) / (idleMs / SECOND_MS);
  const before = portal.cpu();
  const start = performance.now();
  const made = await changer.burst(
    size.name === 'XS' ? SMALL_BURST_MS : BURST_MS,
  );
  const areThere = async () => watch.lines.length >= made;
  await until('the changes are there', areThere).catch(() => {});
  check(
    await areThere(),
    `changes: the raw watch has brought ${watch.lines.length} of ${made}`,
  );
  // What is still under way is part of it.
  await sleep(size.settleMs);
  const seconds = (performance.now() - start) / SECOND_MS;
  const used = portal.cpu() - before - idle * seconds;
  watch.close();
  raw.close();
  const ours = (made * known) / Math.max(used, 0.01);
  const parse = parsedPerSecond(watch.lines);
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

/** The lines of a watch of all pods; opened again where it ended, since an API server ends a watch whose reader is slow for a moment. */
class RawWatch {
  readonly lines: string[] = [];
  readonly #client: HttpClient;
  #version: string;
  #rest = '';
  #end: () => void = () => {};
  #isClosed = false;

  private constructor(client: HttpClient, version: string) {
    this.#client = client;
    this.#version = version;
  }

  static async open(client: HttpClient): Promise<RawWatch> {
    const { metadata } = await client.json<WithVersion>(
      'GET /api/v1/pods?limit=1',
    );
    const watch = new RawWatch(client, metadata.resourceVersion);
    await watch.#follow();
    return watch;
  }

  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  async #follow(): Promise<void> {
    this.#end = await this.#client.follow(
      `GET /api/v1/pods?watch=true&resourceVersion=${this.#version}`,
      {
        // A character a byte: a chunk may end within one, and only the length counts.
        onChunk: chunk => this.#take(chunk.toString('latin1')),
        onEnd: () => {
          const last = this.lines.at(-1);
          this.#rest = '';
          if (last) this.#version = versionOf(last);
          if (!this.#isClosed) void this.#follow();
        },
      },
    );
  }

  #take(text: string) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.lines.push(...lines);
  }
}

interface WithVersion {
  metadata: { resourceVersion: string };
}

function versionOf(line: string): string {
  const { object } = JSON.parse(line) as { object: WithVersion };
  return object.metadata.resourceVersion;
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
