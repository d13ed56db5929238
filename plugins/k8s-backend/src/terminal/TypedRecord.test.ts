import { boundedDetails } from '../audit/boundedDetails';
import { TypedRecord } from './TypedRecord';
import type { TypedPart } from './TypedRecord';

// The tests end before anything is flushed by time.
const flushMs = 60_000;

function recordWith(keep?: (part: TypedPart) => Promise<void>) {
  const kept: TypedPart[] = [];
  const failures: string[] = [];
  const record = new TypedRecord({
    flushMs,
    keep:
      keep ??
      (async part => {
        kept.push(part);
      }),
    onFailure: reason => failures.push(reason),
  });
  return { record, kept, failures };
}

const type = (record: TypedRecord, text: string) =>
  record.add(Buffer.from(text));

it('keeps what is typed in order, with what acts on a terminal written out', async () => {
  const { record, kept } = recordWith();
  type(record, 'ls -l\r');
  type(record, '\u0003\u001b[A');
  const euro = Buffer.from('€');
  record.add(euro.subarray(0, 1));
  record.add(euro.subarray(1));
  await record.close();
  expect(kept).toEqual([{ part: 1, typed: ['ls -l\n\\u0003\\u001b[A€'] }]);
});

it('keeps much in several entries, none of which is shortened', async () => {
  const { record, kept } = recordWith();
  const text = '€'.repeat(3_000);
  type(record, text);
  await record.close();
  expect(kept.map(({ part }) => part)).toEqual([1, 2, 3]);
  expect(kept.flatMap(({ typed }) => typed).join('')).toBe(text);
  for (const part of kept) {
    expect(boundedDetails({ terminal: 'x'.repeat(36), ...part })).toMatchObject(
      part,
    );
  }
});

it('tells once that it cannot keep it, and lets nothing more through', async () => {
  const { record, failures } = recordWith(async () => {
    throw new Error('The database is away');
  });
  type(record, 'x'.repeat(2_000));
  await new Promise(resolve => {
    setImmediate(resolve);
  });
  expect(type(record, 'more')).toBe(false);
  await record.close();
  expect(failures).toEqual(['auditFailed']);
});

it('lets through no more than it keeps', async () => {
  const { record, kept, failures } = recordWith();
  const piece = 'x'.repeat(64 * 1024);
  const passed = Array.from({ length: 6 }, () => type(record, piece));
  expect(passed).toEqual([true, true, true, true, false, false]);
  await record.close();
  expect(failures).toEqual(['limit']);
  expect(kept.flatMap(({ typed }) => typed).join('')).toHaveLength(256 * 1024);
});
