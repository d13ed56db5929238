import { setTimeout as sleep } from 'node:timers/promises';
import { check, judged, figure } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { median, ratioInterval } from '../measure/statistics.ts';
import { SERVICES } from '../rig/contents.ts';
import { serviceRoute } from './requests.ts';
import type { ServiceAnswer } from './requests.ts';
import { checkService } from './services.ts';
import type { ManyClusters, Work } from './Surroundings.ts';

const AT_MOST = 1.05;
/** Milliseconds between two requests. */
const PACE_MS = 50;
/** Milliseconds of a round with a broken cluster: longer than it takes until that is noticed, so that both times are in it. */
const BROKEN_MS = 20_000;
const SMALL_MS = 1_000;
/** Rounds go on until the interval is so narrow, or there were so many times as many as of others. */
const NARROW = 0.05;
const MOST = 3;

/** W8: the page of a service while one of its ten clusters is black-holed, compared with all healthy. */
export const blackHole: Work<ManyClusters> = {
  ids: ['W8'],
  async run(around) {
    const { size, fleet, portal, known } = around;
    const user = await portal.client();
    const service = known === 10 ? SERVICES.on10 : SERVICES.each;
    const { proxy } = fleet.clusters[known - 1];
    const roundMs = size.name === 'XS' ? SMALL_MS : BROKEN_MS;
    const rounds: { numerator: number[]; denominator: number[] }[] = [];
    const isEnough = () => {
      if (rounds.length < size.rounds) return false;
      const { low, high } = ratioInterval(rounds);
      return high - low <= NARROW || rounds.length >= MOST * size.rounds;
    };
    const measure = (milliseconds: number) =>
      paced(user, { service: service.name, milliseconds, known });
    while (!isEnough()) {
      await checkService(around, { user, service });
      // Before and after: what changes slowly on the machine falls on both.
      const before = await measure(roundMs / 2);
      proxy.mode = 'blackHole';
      const numerator = await measure(roundMs);
      proxy.mode = 'pass';
      await checkService(around, { user, service });
      const after = await measure(roundMs / 2);
      rounds.push({ numerator, denominator: [...before, ...after] });
    }
    user.close();
    const healthy = median(rounds.flatMap(({ denominator }) => denominator));
    const broken = median(rounds.flatMap(({ numerator }) => numerator));
    const { low, high } = ratioInterval(rounds);
    const percent = `95 % interval of the ratio ${low.toFixed(
      3,
    )} to ${high.toFixed(3)}`;
    return [
      figure('W8.healthy', 'ours', {
        ...{ figure: healthy, unit: 'ms' },
        what: `a service on ${known} clusters, all healthy`,
      }),
      judged('W8', 'ours', {
        ...{ figure: broken, unit: 'ms', ratio: broken / healthy },
        // The whole interval has to be below it.
        ...{ atMost: AT_MOST, of: 'healthy', compared: high },
        what: `the same, one cluster black-holed; ${percent}, ${rounds.length} rounds`,
      }),
    ];
  },
};

/** Asks again and again for so long; each answer has to show all clusters. @returns milliseconds of each */
async function paced(
  user: HttpClient,
  options: { service: string; milliseconds: number; known: number },
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + options.milliseconds;
  while (performance.now() < end) {
    const { ms, body } = await user.call(serviceRoute(options.service));
    times.push(ms);
    const { items }: ServiceAnswer = JSON.parse(body.toString('utf8'));
    check(
      items.length === options.known,
      `W8: ${items.length} clusters are shown instead of ${options.known}`,
    );
    await sleep(PACE_MS);
  }
  return times;
}
