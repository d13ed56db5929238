/** The thread of {@link ManyWays}: tells its ports, then answers questions. */
import { parentPort, workerData } from 'node:worker_threads';
import { AnsweringProxy } from './AnsweringProxy.ts';
import { FaultyProxy } from './FaultyProxy.ts';
import type { Asked, ManyWaysOptions, Question } from './ManyWays.ts';

async function run({ target, count, path }: ManyWaysOptions) {
  const counting = await AnsweringProxy.start(target);
  const ways = await Promise.all(
    Array.from({ length: count }, () => FaultyProxy.start(counting.port)),
  );
  const answers: Record<Question, () => void> = {
    fail: () => {
      for (const way of ways) {
        way.fault = { type: 'blackHole' };
        way.reset();
      }
    },
    heal: () => {
      counting.requests.length = 0;
      counting.mostAtOnce = 0;
      for (const way of ways) way.fault = { type: 'none' };
    },
    count: () => {},
  };
  parentPort?.on('message', (question: Question) => {
    answers[question]();
    const lists = counting.lists(path).length;
    const asked: Asked = { lists, mostAtOnce: counting.mostAtOnce };
    parentPort?.postMessage(asked);
  });
  parentPort?.postMessage(ways.map(({ port }) => port));
}

void run(workerData as ManyWaysOptions);
