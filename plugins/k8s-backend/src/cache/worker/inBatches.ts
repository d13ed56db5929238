// Larger ones would hold up what else the threads have to say.
const MAX_BATCH = 500;

const LATER = Symbol('later');

/** Waits until what is due at once has been done. */
function afterNow(): Promise<typeof LATER> {
  return new Promise(resolve => {
    setImmediate(() => resolve(LATER));
  });
}

/** What comes at once together, at most 500 of them. Ends the source when it is not read on. */
export async function* inBatches<T>(
  source: AsyncIterable<T>,
): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  // Looked at below; a failure meanwhile must not count as unnoticed.
  next.catch(() => undefined);
  const advance = () => {
    next = iterator.next();
    next.catch(() => undefined);
  };
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      advance();
      while (batch.length < MAX_BATCH) {
        const more = await Promise.race([next.catch(() => LATER), afterNow()]);
        if (typeof more === 'symbol' || more.done) break;
        batch.push(more.value);
        advance();
      }
      yield batch;
    }
  } finally {
    await iterator.return?.();
  }
}
