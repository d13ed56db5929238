/**
 * Does the work of all items, only so many at once. Whoever takes longer than `patienceMs` milliseconds gives its slot to the
 * next one and goes on: what does not answer holds up nobody.
 *
 * @returns what each came to, in the order of the items
 * @throws what the first of them fails with
 */
export async function inSlots<Item, Result>(
  items: readonly Item[],
  options: {
    slots: number;
    patienceMs: number;
    work: (item: Item) => Promise<Result>;
  },
): Promise<Result[]> {
  const waiting: (() => void)[] = [];
  let free = options.slots;
  const take = async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>(resolve => waiting.push(resolve));
  };
  const give = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return Promise.all(
    items.map(async item => {
      await take();
      let isHeld = true;
      const giveBack = () => {
        if (isHeld) give();
        isHeld = false;
      };
      const timer = setTimeout(giveBack, options.patienceMs);
      try {
        return await options.work(item);
      } finally {
        clearTimeout(timer);
        giveBack();
      }
    }),
  );
}
