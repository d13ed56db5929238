import { LogQueue } from './LogQueue';
import { logSourceOf } from './logSources';
import { LogSplitter, MAX_LINE_LENGTH } from './LogSplitter';
import { logText } from './logText';
import { LogTextSplitter } from './LogTextSplitter';
import type { LogEvent } from './PodLogs';

it.each([
  ['plain text', 'Listening on port 8080.', 'Listening on port 8080.'],
  ['colours', '\u001b[1;31mERROR\u001b[0m gone', 'ERROR gone'],
  ['a title and a cleared screen', '\u001b]0;x\u0007a\u001b[2Jb', 'ab'],
  ['8-bit escapes', '\u009b31mred', 'red'],
  ['a turned text', 'a\u202eb', 'a\\u202eb'],
  ['text without width', 'a\u200bb', 'a\\u200bb'],
  ['other control characters', 'a\u0000\u0008b', 'a\\u0000\\u0008b'],
  ['a tab', 'a\tb', 'a\tb'],
  ['a line that was written over', '10 %\r20 %', '10 %\\u000d20 %'],
  ['the end of a line of Windows', 'a\r', 'a'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['HTML', '<b>x</b>', '<b>x</b>'],
])('shows %s inert', (_, raw, shown) => {
  expect(logText(raw)).toBe(shown);
});

describe('splitting', () => {
  const split = (...pieces: (string | Buffer)[]) => {
    const splitter = new LogSplitter();
    const lines = pieces.flatMap(piece => splitter.push(Buffer.from(piece)));
    return [...lines, ...splitter.end()];
  };
  const at = '2026-11-27T06:52:29.853000000Z';

  it('finds lines and their times, however they are cut into pieces', () => {
    const text = `${at} one €\n${at} two\n${at} \nno time\n${at} unfinished`;
    const expected = [
      { at, text: 'one €' },
      { at, text: 'two' },
      { at, text: '' },
      { text: 'no time' },
      { at, text: 'unfinished' },
    ];
    expect(split(text)).toEqual(expected);
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]));
    expect(split(...bytes)).toEqual(expected);
    expect(split('')).toEqual([]);
  });

  it('cuts a line that has no end, and goes on with the next', () => {
    const long = 'x'.repeat(MAX_LINE_LENGTH);
    const [first, second] = split(long, long, `${long}\nnext\n`);
    expect(first).toEqual({ text: long, cut: true });
    expect(second).toEqual({ text: 'next' });
    expect(split(`${long}\n`)).toEqual([{ text: long }]);
  });

  it('takes no text for a time', () => {
    expect(split('2026-11-27 06:52:29 x\n')).toEqual([
      { text: '2026-11-27 06:52:29 x' },
    ]);
  });
});

describe('splitting into text', () => {
  const split = (...pieces: (string | Buffer)[]) => {
    const splitter = new LogTextSplitter();
    const texts = pieces.map(piece => splitter.push(Buffer.from(piece)));
    return [...texts, splitter.end()].map(String);
  };

  it('passes on whole lines, however they are cut into pieces', () => {
    const text = 'one €\n\ttwo\n\nlast\n';
    expect(split('one', ' a\ntw', 'o\n')).toEqual([
      ...['', 'one a\n', 'two\n', ''],
    ]);
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]));
    expect(split(...bytes).join('')).toBe(text);
    expect(split('no end')).toEqual(['', 'no end\n']);
    expect(split('')).toEqual(['', '']);
  });

  it('makes each line inert', () => {
    const raw = 'a\u001b[1;31mb\r\n\u001b]0;x\nc\u202ed\n';
    expect(split(raw).join('')).toBe('ab\n\nc\\u202ed\n');
    expect(split('a\u001b[1;31mb').join('')).toBe('ab\n');
  });

  it('does not keep a line that has no end and is no text either', () => {
    const splitter = new LogTextSplitter();
    const piece = Buffer.alloc(MAX_LINE_LENGTH + 1, 0x80);
    for (let count = 0; count < 4; count += 1) {
      // Each byte becomes a mark of three that says that it was none.
      expect(splitter.push(piece)).toHaveLength(3 * piece.length);
    }
    expect(splitter.end()).toHaveLength(0);
  });

  it.each(['x', '€', '😀'])(
    'does not keep a line of %s that has no end, and loses nothing of it',
    character => {
      const long = Buffer.from(character.repeat(MAX_LINE_LENGTH + 4));
      for (const cut of [0, 1, 2, 3]) {
        const [first, ...others] = split(
          long.subarray(0, long.length - cut),
          long.subarray(long.length - cut),
          'y\nnext\n',
        );
        expect(first.length).toBeGreaterThan(MAX_LINE_LENGTH / 2);
        expect([first, ...others].join('')).toBe(`${long}y\nnext\n`);
      }
    },
  );
});

describe('the queue', () => {
  const lines = (pod: string, ...texts: string[]): LogEvent => ({
    type: 'lines',
    ...{ pod, container: 'main' },
    lines: texts.map(text => ({ text })),
  });
  const signal = () => new AbortController().signal;

  it('puts together what one log says in a row', async () => {
    const queue = new LogQueue();
    await queue.add(lines('a', '1'));
    await queue.add(lines('a', '2'));
    await queue.add(lines('b', '3'));
    await queue.add(lines('a', '4'));
    queue.end({ type: 'end', reason: 'ended' });
    await queue.add(lines('a', 'too late'));
    const events = [];
    for await (const event of queue.events(signal())) events.push(event);
    expect(events).toEqual([
      lines('a', '1', '2'),
      lines('b', '3'),
      lines('a', '4'),
      { type: 'end', reason: 'ended' },
    ]);
  });

  it.each<[string, (pod: string) => LogEvent]>([
    ['lines', pod => lines(pod, 'x'.repeat(200_000))],
    [
      'bytes',
      pod => ({
        ...{ type: 'text', pod, container: 'main' },
        bytes: Buffer.alloc(200_000),
      }),
    ],
  ])(
    'holds back who adds more %s than a reader takes',
    async (_sort, eventOf) => {
      const queue = new LogQueue();
      let added = 0;
      const write = async () => {
        for (; added < 10; added += 1) await queue.add(eventOf(`p${added}`));
        queue.end();
      };
      const written = write();
      await new Promise(resolve => {
        setImmediate(resolve);
      });
      expect(added).toBeLessThan(4);
      let read = 0;
      for await (const _ of queue.events(signal())) read += 1;
      await written;
      expect(read).toBe(10);
    },
  );

  it('lets go of everybody when the reader leaves', async () => {
    const queue = new LogQueue();
    const stuck = queue.add(lines('a', 'x'.repeat(1_000_000)));
    const gone = new AbortController();
    gone.abort();
    const read = [];
    for await (const event of queue.events(gone.signal)) read.push(event);
    await stuck;
    expect(read).toEqual([]);
  });
});

describe('which container', () => {
  const pod = (status: object, annotations = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one', uid: 'u', annotations },
    spec: { containers: [{ name: 'main' }, { name: 'beside' }] },
    status,
  });

  it('is the first, the one that the pod names, or the one that is wanted', () => {
    const named = { 'kubectl.kubernetes.io/default-container': 'beside' };
    expect(logSourceOf(pod({}))?.container).toBe('main');
    expect(logSourceOf(pod({}, named))?.container).toBe('beside');
    expect(logSourceOf(pod({}, named), 'main')?.container).toBe('main');
    const { spec: _, ...empty } = pod({});
    expect(logSourceOf(empty)).toBeUndefined();
  });

  it('is another one after each start', () => {
    const of = (state: object, restartCount: number) =>
      logSourceOf(
        pod({ containerStatuses: [{ name: 'main', restartCount, state }] }),
      );
    expect(of({ waiting: {} }, 0)).toMatchObject({ isStarted: false });
    expect(of({ running: {} }, 0)).toMatchObject({ isStarted: true });
    expect(of({ waiting: {} }, 1)).toMatchObject({ isStarted: true });
    expect(of({ running: {} }, 0)?.key).not.toBe(of({ running: {} }, 1)?.key);
  });
});
