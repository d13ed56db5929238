import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { findChromium } from '../../dev/portal/test/findChromium.ts';
import { figure, judged } from '../Figure.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import type { OneCluster, Work } from './Surroundings.ts';

const OF_EMPTY = 1.5;
const MOST_HEAP_MB = 64;
const MEGABYTE = 1e6;
const WITHIN_MS = 60_000;
/** Names of pods of the benchmark end so, and nothing else does. */
const POD_NAME = /-[b-t]{10}-[b-t]{5}$/;
const BROWSER_ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update'],
  '--disable-sync',
];

/** The table of all pods in a browser: until its first rows are there, compared with a page that has nothing in it; and its heap. */
export const browser: Work<OneCluster> = {
  ids: ['browser'],
  async run({ size, portal, cluster }) {
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
              path: `/k8s/clusters/${cluster}/workloads/core/pods`,
              heaps,
              done: page => page.getByText(POD_NAME).first().waitFor(),
            }),
        },
        { rounds: Math.max(size.rounds, 5), requests: 1 },
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

/** Opens a page as a user who is signed in already. @returns milliseconds from the address to what was waited for */
async function opened(
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
    const start = performance.now();
    await page.goto(`${url}${path}`);
    await done(page);
    const milliseconds = performance.now() - start;
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    heaps.push(usedSize);
    return milliseconds;
  } finally {
    await context.close();
  }
}
