import { NotFoundError } from '@backstage/errors';
import { watchRight } from './watchRight';

const RECHECK_MS = 5;

/** Resolves with what `watchRight` tells; each look is answered by the next of the answers, the last one for ever. */
function lossOf(...answers: (boolean | Error | 'hangs')[]) {
  const stop = new AbortController();
  let looks = 0;
  return new Promise<string>(resolve => {
    watchRight(
      async () => {
        const answer = answers[Math.min(looks, answers.length - 1)];
        looks += 1;
        if (answer === 'hangs') return new Promise(() => {});
        if (answer instanceof Error) throw answer;
        return answer;
      },
      { signal: stop.signal, recheckMs: RECHECK_MS, onLoss: resolve },
    );
  }).finally(() => stop.abort());
}

const away = new Error('The policy does not answer');

it.each([
  ['a right that is taken away', [true, true, false], 'accessLost'],
  [
    'a cluster that is hidden',
    [true, new NotFoundError('There is no such cluster')],
    'accessLost',
  ],
  ['a policy that does not answer', [true, away], 'accessUnknown'],
  ['a policy that takes for ever', [true, 'hangs' as const], 'accessUnknown'],
  // One failure in between is forgiven.
  ['a loss after a failure', [away, true, away, true, false], 'accessLost'],
])('tells of %s', async (_, answers, loss) => {
  await expect(lossOf(...answers)).resolves.toBe(loss);
});

it('looks no more once it is over', async () => {
  const stop = new AbortController();
  const check = jest.fn(async () => true);
  watchRight(check, {
    signal: stop.signal,
    recheckMs: RECHECK_MS,
    onLoss: () => {
      throw new Error('Nothing was lost');
    },
  });
  while (check.mock.calls.length < 2) {
    await new Promise(resolve => {
      setTimeout(resolve, RECHECK_MS);
    });
  }
  stop.abort();
  const before = check.mock.calls.length;
  await new Promise(resolve => {
    setTimeout(resolve, RECHECK_MS * 5);
  });
  expect(check).toHaveBeenCalledTimes(before);
});
