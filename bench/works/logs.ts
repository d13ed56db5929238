import { check, figure, judged } from '../Figure.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { until } from '../portal/BenchPortal.ts';
import { LogServer } from '../rig/LogServer.ts';
import type { OneCluster, Work } from './Surroundings.ts';

const OF_RAW = 1.15;
const LINES = 50_000;
const SMALL_LINES = 500;

/** The log of W10: all that a container has written, as a file through us and direct. */
export const logs: Work<OneCluster> = {
  ids: ['W10'],
  async run({ size, server, portal, cluster }) {
    const lines = size.name === 'XS' ? SMALL_LINES : LINES;
    const written = await LogServer.start(server, { lines });
    const raw = server.client();
    const user = await portal.client();
    try {
      const direct = written.rawRoute;
      const through = written.ourRoute(cluster);
      await until('the pod is known', async () => {
        return (await user.ask(through)).status === 200;
      });
      check(
        (await raw.call(direct)).body.toString() === written.text,
        'W10: the API server does not tell what was written',
      );
      check(
        (await user.call(through)).body.toString() === written.text,
        'W10: the log is not what was written',
      );
      const times = await interleave(
        {
          raw: async () => (await raw.call(direct)).ms,
          ours: async () => (await user.call(through)).ms,
        },
        { rounds: size.rounds, requests: 2 },
      );
      const base = middle(times.raw);
      const ours = middle(times.ours);
      const what = `a log of ${lines} lines as a file`;
      return [
        figure('W10.logs', 'raw', { figure: base, unit: 'ms', what }),
        judged('W10.logs', 'ours', {
          ...{ figure: ours, unit: 'ms', what },
          ...{ ratio: ours / base, atMost: OF_RAW, of: 'raw' },
        }),
      ];
    } finally {
      raw.close();
      user.close();
      await written.stop();
    }
  },
};
