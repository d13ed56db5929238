import { setTimeout as sleep } from 'node:timers/promises';
import { judged } from '../Figure.ts';
import type { ManyClusters, Work } from './Surroundings.ts';

const MOST_CORES = 0.15;
const WATCHED_MS = 30_000;
const SMALL_MS = 1_000;
const SECOND_MS = 1_000;
/** The first looks at a cluster open its connections; they come within two rounds of its health. */
const SETTLE_TIMES = 4;

/** What many clusters cost when nothing happens there and nobody asks: checks of their health, and open watches. */
export const idle: Work<ManyClusters> = {
  ids: ['idle'],
  async run({ size, portal, known }) {
    await sleep(SETTLE_TIMES * size.settleMs);
    await portal.reset();
    const before = portal.cpu();
    const start = performance.now();
    await sleep(size.name === 'XS' ? SMALL_MS : WATCHED_MS);
    const seconds = (performance.now() - start) / SECOND_MS;
    const cores = (portal.cpu() - before) / seconds;
    // Ends the profile, where one is wanted.
    await portal.report();
    return [
      judged('idle', 'ours', {
        ...{ figure: cores, unit: 'cores', atMost: MOST_CORES },
        what: `the back end with ${known} idle clusters`,
      }),
    ];
  },
};
