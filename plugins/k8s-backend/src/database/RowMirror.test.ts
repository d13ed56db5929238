import { mockServices } from '@backstage/backend-test-utils';
import { RowMirror } from './RowMirror';
import type { RowChange } from './RowMirror';

interface Row {
  revision: number;
}

/** A table whose next answers a test may hold back. */
class HeldTable {
  rows = new Map<string, Row>();
  held: (() => void)[] = [];
  isHeld = false;

  async revisions(): Promise<Map<string, number>> {
    // As a database does, it answers with what was there when it was asked.
    const seen = new Map(
      [...this.rows].map(([id, { revision }]) => [id, revision]),
    );
    if (this.isHeld) {
      await new Promise<void>(resolve => {
        this.held.push(resolve);
      });
    }
    return seen;
  }

  async load(ids: readonly string[]): Promise<Map<string, Row>> {
    return new Map(
      ids.flatMap(id => {
        const row = this.rows.get(id);
        return row ? [[id, { ...row }] as const] : [];
      }),
    );
  }
}

let table: HeldTable;
let mirror: RowMirror<Row>;
let told: RowChange<Row>[][];
const logger = mockServices.logger.mock();

beforeEach(() => {
  jest.useFakeTimers();
  jest.clearAllMocks();
  table = new HeldTable();
  told = [];
  mirror = new RowMirror({
    source: table,
    logger,
    table: 'rows',
    onChange: changes => told.push(changes),
  });
});

afterEach(() => {
  mirror.stop();
  jest.useRealTimers();
});

it('tells what is new, what differs and what is gone', async () => {
  table.rows.set('a', { revision: 1 });
  await mirror.refresh();
  table.rows.set('a', { revision: 2 }).set('b', { revision: 1 });
  await mirror.refresh();
  table.rows.delete('a');
  await mirror.refresh();
  await mirror.refresh();
  expect(told).toEqual([
    [{ id: 'a', row: { revision: 1 } }],
    [
      { id: 'a', row: { revision: 2 }, previous: { revision: 1 } },
      { id: 'b', row: { revision: 1 } },
    ],
    [{ id: 'a', previous: { revision: 2 } }],
  ]);
  expect([...mirror.rows.keys()]).toEqual(['b']);
});

it('takes revisions that go back, as after a restored backup, for changes', async () => {
  table.rows.set('a', { revision: 7 });
  await mirror.refresh();
  table.rows.set('a', { revision: 3 });
  await mirror.refresh();
  expect(mirror.rows.get('a')).toEqual({ revision: 3 });
});

it('gives up a database that says nothing, and goes on with the next read', async () => {
  table.isHeld = true;
  const first = mirror.refresh().catch((error: Error) => error.message);
  await jest.advanceTimersByTimeAsync(15_000);
  expect(await first).toMatch(/in time/);
  table.isHeld = false;
  table.rows.set('a', { revision: 1 });
  await mirror.refresh();
  expect(mirror.rows.get('a')).toEqual({ revision: 1 });
  // The first one answers after all, with what was there then: nothing.
  table.held.forEach(answer => answer());
  await jest.advanceTimersByTimeAsync(1);
  expect(mirror.rows.get('a')).toEqual({ revision: 1 });
  expect(told).toHaveLength(1);
});

it('logs once that the database is away, and that it is back', async () => {
  table.isHeld = true;
  mirror.start(2_000);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(logger.warn).toHaveBeenCalledTimes(1);
  table.isHeld = false;
  await jest.advanceTimersByTimeAsync(20_000);
  expect(logger.warn).toHaveBeenCalledTimes(2);
  expect(logger.warn).toHaveBeenLastCalledWith(
    'The database answers again',
    expect.anything(),
  );
});

it('reads once for all who wait, and never from before they asked', async () => {
  table.isHeld = true;
  const running = mirror.refresh();
  table.rows.set('a', { revision: 1 });
  const waiting = [mirror.refresh(), mirror.refresh()];
  expect(table.held).toHaveLength(1);
  table.isHeld = false;
  table.held.forEach(answer => answer());
  await Promise.all([running, ...waiting]);
  expect(mirror.rows.get('a')).toEqual({ revision: 1 });
});
