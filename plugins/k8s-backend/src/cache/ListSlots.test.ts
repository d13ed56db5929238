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
    for (const cluster of ['a', 'b', 'c', 'd']) {
      for (const priority of [9, 5, 1]) void ask(cluster, priority);
    }
    await settle();
    expect(started).toEqual(['a9', 'a5', 'b9', 'b5', 'c9', 'c5']);
    releases[0]();
    await settle();
    expect(started.slice(6)).toEqual(['a1']);
    releases[2]();
    releases[2]();
    await settle();
    expect(started.slice(7)).toEqual(['b1']);
    releases[1]();
    await settle();
    expect(started.slice(8)).toEqual(['d1']);
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
    const first = await slots.acquire('a', { priority: 0, signal: signal() });
    const second = await slots.acquire('a', { priority: 0, signal: signal() });
    const abort = new AbortController();
    const third = slots.acquire('a', { priority: 0, signal: abort.signal });
    abort.abort(new Error('given up'));
    await expect(third).rejects.toThrow('given up');
    const fourth = slots.acquire('a', { priority: 0, signal: signal() });
    first.release();
    (await fourth).release();
    second.release();
  });
});
