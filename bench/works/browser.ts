import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { findChromium } from '../../dev/portal/test/findChromium.ts';
import { check, figure, judged } from '../Figure.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { median, quantile } from '../measure/statistics.ts';
import { tableRoute, totalOf } from './requests.ts';
import { liveTable } from './tables.ts';
import type { OneCluster, Work } from './Surroundings.ts';

/** A back end that was just started takes some pages until its code is compiled. */
const ROUNDS = 15;
const OF_EMPTY = 1.5;
const MOST_HEAP_MB = 64;
const MEGABYTE = 1e6;
const WITHIN_MS = 60_000;
/** How long the table is scrolled, and how far a second, as a hand at a wheel may. */
const SCROLL_MS = 3_000;
const SCROLL_PIXELS = 6_000;
/** All rows before the last are read, too. */
const JUMP_WITHIN_MS = 240_000;
/** Names of pods of the benchmark end so, and nothing else does. */
const POD_NAME = /-[b-t]{10}-[b-t]{5}$/;
const BROWSER_ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update'],
  '--disable-sync',
];

const PODS = 'core/pods';
const tableOf = (cluster: string) =>
  `/k8s/clusters/${cluster}/workloads/${PODS}`;

/** The table of all pods in a browser: until its first rows are there, compared with a page that has nothing in it; and its heap. */
export const browser: Work<OneCluster> = {
  ids: ['browser'],
  async run(around) {
    const { size, portal, cluster } = around;
    await livePods(around, 'browser');
    const started = await chromium.launch({
      executablePath: await findChromium(),
      args: BROWSER_ARGUMENTS,
    });
    const heaps: number[] = [];
    try {
      const times = await interleave(
        {
          empty: () =>
            opened(started, {
              ...{ url: portal.url, path: '/nothing-is-here', heaps: [] },
              done: page => page.getByText('404').first().waitFor(),
            }),
          pods: () =>
            opened(started, {
              url: portal.url,
              path: tableOf(cluster),
              heaps,
              done: page => page.getByText(POD_NAME).first().waitFor(),
            }),
        },
        { rounds: ROUNDS, requests: 1 },
      );
      const empty = middle(times.empty);
      const pods = middle(times.pods);
      const what = `the table of ${size.pods} pods in Chromium`;
      return [
        figure('browser.empty', 'ours', {
          ...{ figure: empty, unit: 'ms' },
          what: 'a page of the portal that has nothing in it',
        }),
        judged('browser.rows', 'ours', {
          ...{ figure: pods, unit: 'ms', ratio: pods / empty },
          ...{ atMost: OF_EMPTY, of: 'empty page' },
          what: `${what}, until its first rows`,
        }),
        judged('browser.heap', 'ours', {
          ...{ figure: median(heaps) / MEGABYTE, unit: 'MB' },
          ...{ atMost: MOST_HEAP_MB, what: `${what}, heap` },
        }),
      ];
    } finally {
      await started.close();
    }
  },
};

/** The same table, scrolled; by itself, since what is measured above does not depend on it. */
export const scroll: Work<OneCluster> = {
  ids: ['scroll'],
  async run(around) {
    const { size, portal, cluster } = around;
    const rows = await livePods(around, 'scroll');
    const started = await chromium.launch({
      executablePath: await findChromium(),
      args: BROWSER_ARGUMENTS,
    });
    const what = `the table of ${size.pods} pods in Chromium`;
    try {
      const { frames, jumpMs } = await scrolled(started, {
        url: portal.url,
        path: tableOf(cluster),
        rows,
      });
      return [
        figure('scroll.frame', 'ours', {
          ...{ figure: quantile(frames, 0.95), unit: 'ms' },
          what: `${what}, from frame to frame while it is scrolled, 95th percentile of ${frames.length}`,
        }),
        figure('scroll.jump', 'ours', {
          ...{ figure: jumpMs, unit: 'ms' },
          what: `${what}, from its beginning until its last row is there`,
        }),
      ];
    } finally {
      await started.close();
    }
  },
};

/**
 * Waits until the portal knows all pods, so that what is measured is not how long that takes.
 *
 * @returns how many there are: of a hundred thousand names that were made by chance two may be the same
 * @throws WrongAnswer
 */
async function livePods(
  { server, portal, cluster }: OneCluster,
  id: string,
): Promise<number> {
  const [raw, user] = [server.client('raw'), await portal.client()];
  try {
    const table = await liveTable(user, tableRoute(cluster, PODS, 'limit=1'));
    const { items, metadata } = await raw.json<{
      items: unknown[];
      metadata: { remainingItemCount?: number };
    }>('GET /api/v1/pods?limit=1');
    const there = items.length + (metadata.remainingItemCount ?? 0);
    check(
      totalOf(table) === there,
      `${id}: ${totalOf(table)} pods instead of ${there}`,
    );
    return there;
  } finally {
    raw.close();
    user.close();
  }
}

/** A page of a user who has just signed in, for as long as it is used. */
async function signedIn<T>(
  started: Browser,
  options: { url: string; use: (page: Page) => Promise<T> },
): Promise<T> {
  const { url, use } = options;
  const context = await started.newContext();
  context.setDefaultTimeout(WITHIN_MS);
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page
      .getByRole('button', { name: /viewer/i })
      .first()
      .click();
    await page.getByRole('link', { name: 'Kubernetes' }).first().waitFor();
    return await use(page);
  } finally {
    await context.close();
  }
}

/** Opens a page as a user who is signed in already. @returns milliseconds from the address to what was waited for */
function opened(
  started: Browser,
  options: {
    url: string;
    path: string;
    done: (page: Page) => Promise<void>;
    /** Gets the bytes of the heap, garbage collected. */
    heaps: number[];
  },
): Promise<number> {
  const { url, path, done, heaps } = options;
  return signedIn(started, {
    url,
    use: async page => {
      const start = performance.now();
      await page.goto(`${url}${path}`);
      await done(page);
      const milliseconds = performance.now() - start;
      const session = await page.context().newCDPSession(page);
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      heaps.push(usedSize);
      return milliseconds;
    },
  });
}

/**
 * Scrolls a table through rows that come from the server meanwhile, and jumps to its end.
 *
 * @returns milliseconds between frames, and until the last row is there
 */
function scrolled(
  started: Browser,
  options: { url: string; path: string; rows: number },
): Promise<{ frames: number[]; jumpMs: number }> {
  const { url, path, rows } = options;
  return signedIn(started, {
    url,
    use: async page => {
      await page.goto(`${url}${path}`);
      // The head is the first line.
      const table = page.locator(`table[aria-rowcount="${rows + 1}"]`);
      await table.getByText(POD_NAME).first().waitFor();
      const frames = await table.evaluate(
        (element, { milliseconds, pixels }) =>
          new Promise<number[]>(resolve => {
            const scroller = element.parentElement!;
            const times: number[] = [];
            let first: number | undefined;
            const onFrame = (now: number) => {
              first ??= now;
              times.push(now);
              scroller.scrollTop = ((now - first) / 1_000) * pixels;
              if (now - first < milliseconds) requestAnimationFrame(onFrame);
              else resolve(times.slice(1).map((time, at) => time - times[at]));
            };
            requestAnimationFrame(onFrame);
          }),
        { milliseconds: SCROLL_MS, pixels: SCROLL_PIXELS },
      );
      const start = performance.now();
      await table.evaluate(element => {
        const scroller = element.parentElement!;
        scroller.scrollTop = scroller.scrollHeight;
      });
      await table
        .locator(`[aria-rowindex="${rows + 1}"]`)
        .waitFor({ timeout: JUMP_WITHIN_MS });
      return { frames, jumpMs: performance.now() - start };
    },
  });
}
