/**
 * What the work comes to, or undefined when it takes longer than `waitMs` milliseconds; it goes on then, and how it ends is
 * no longer of interest.
 *
 * @throws what the work fails with in time
 */
export async function within<T>(
  work: Promise<T>,
  waitMs: number,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), waitMs);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
