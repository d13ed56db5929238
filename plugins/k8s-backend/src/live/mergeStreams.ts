import { Bell } from './Bell';

/**
 * What several streams yield, as it comes. A stream that fails or ends leaves the others alone; it is up to what it yields to
 * say that something is wrong. Ends when the signal is aborted.
 *
 * @param open - each gets the signal that ends it
 */
export async function* mergeStreams<T>(
  open: readonly ((signal: AbortSignal) => AsyncIterable<T>)[],
  outer: AbortSignal,
): AsyncIterable<T> {
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  const waiting: { item: T; taken: () => void }[] = [];
  const bell = new Bell();

  const run = async (stream: AsyncIterable<T>) => {
    for await (const item of stream) {
      if (signal.aborted) return;
      // Waits for the reader, so that a slow one holds the streams back instead of filling the memory.
      await new Promise<void>(resolve => {
        waiting.push({ item, taken: resolve });
        bell.ring();
      });
    }
  };
  const end = () => {
    for (const { taken } of waiting.splice(0)) taken();
    bell.ring();
  };
  signal.addEventListener('abort', end, { once: true });
  const runs = open.map(start => run(start(signal)).catch(() => undefined));
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next) {
        yield next.item;
        next.taken();
        continue;
      }
      await bell.heard();
    }
  } finally {
    own.abort();
    await Promise.allSettled(runs);
  }
}
