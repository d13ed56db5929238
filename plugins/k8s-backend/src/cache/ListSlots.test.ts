import { ListSlots } from './ListSlots';

const LONG_MS = 60_000;

/** Lets everything that can happen at once happen. */
const settle = () => new Promise(resolve => setImmediate(resolve));

function signal() {
  return new AbortController().signal;
}

describe('ListSlots', () => {
  it('bounds lists over all clusters and for each, important kinds first', async () => {
    const slots = new ListSlots({ slowPeriodMs: LONG_MS });
    const started: string[] = [];
    const releases: (() => void)[] = [];
    const ask = (cluster: string, priority: number) =>
      slots.acquire(cluster, { priority, signal: signal() }).then(slot => {
        started.push(`${cluster}${priority}`);
        releases.push(slot.release);
      });
    for (const cluster of ['x', 'y', 'z', 'x', 'y', 'z']) void ask(cluster, 0);
    for (const cluster of ['a', 'b', 'c', 'd']) {
      for (const priority of [9, 5, 1]) void ask(cluster, priority);
    }
    await settle();
    expect(started).toEqual(['x0', 'y0', 'z0', 'x0', 'y0', 'z0']);
    releases[0]();
    releases[0]();
    await settle();
    expect(started.slice(6)).toEqual(['a1']);
    releases.slice(1).forEach(release => release());
    await settle();
    expect(started.slice(7)).toEqual(['b1', 'c1', 'd1', 'a5', 'b5', 'c5']);
    // The others have their share, though their next list is as important.
    releases[7]();
    await settle();
    expect(started.slice(13)).toEqual(['d5']);
    releases.forEach(release => release());
  });

  it('lets a cluster read more while it is the only one, and another begin at once', async () => {
    const slots = new ListSlots({ slowPeriodMs: LONG_MS });
    const started: string[] = [];
    const releases: (() => void)[] = [];
    const ask = (cluster: string) =>
      slots.acquire(cluster, { priority: 0, signal: signal() }).then(slot => {
        started.push(cluster);
        releases.push(slot.release);
      });
    for (let index = 0; index < 6; index += 1) void ask('a');
    await settle();
    expect(started).toEqual(['a', 'a', 'a', 'a']);
    for (let index = 0; index < 3; index += 1) void ask('b');
    await settle();
    expect(started.slice(4)).toEqual(['b', 'b']);
    // It has more than its share now.
    releases[0]();
    await settle();
    expect(started.slice(6)).toEqual([]);
    releases.forEach(release => release());
  });

  it('does not let slow clusters keep the others waiting', async () => {
    const slots = new ListSlots({ slowPeriodMs: 10 });
    const held = await Promise.all(
      ['a', 'a', 'b', 'b', 'c', 'c'].map(cluster =>
        slots.acquire(cluster, { priority: 0, signal: signal() }),
      ),
    );
    // All six hang; the seventh does not wait for them.
    const other = await slots.acquire('d', { priority: 9, signal: signal() });
    expect(held).toHaveLength(6);
    [...held, other].forEach(slot => slot.release());
  });

  it('bounds the slow lists as well', async () => {
    const slots = new ListSlots({ slowPeriodMs: 1 });
    const held: { release(): void }[] = [];
    for (let index = 0; index < 40; index += 1) {
      const options = { priority: 0, signal: signal() };
      void slots
        .acquire(`c${index}`, options)
        .then(slot => void held.push(slot));
    }
    const MOST = 24;
    while (held.length < MOST) await new Promise(go => setTimeout(go, 1));
    await new Promise(go => setTimeout(go, 50));
    expect(held).toHaveLength(MOST);
    held[0].release();
    while (held.length === MOST) await new Promise(go => setTimeout(go, 1));
    expect(held).toHaveLength(MOST + 1);
    held.forEach(slot => slot.release());
  });

  it('forgets whoever gives up', async () => {
    const slots = new ListSlots({ slowPeriodMs: LONG_MS });
    const acquire = (on = signal()) =>
      slots.acquire('a', { priority: 0, signal: on });
    const held = await Promise.all([1, 2, 3, 4].map(() => acquire()));
    const abort = new AbortController();
    const next = acquire(abort.signal);
    abort.abort(new Error('given up'));
    await expect(next).rejects.toThrow('given up');
    const last = acquire();
    held[0].release();
    (await last).release();
    held.forEach(({ release }) => release());
  });
});
