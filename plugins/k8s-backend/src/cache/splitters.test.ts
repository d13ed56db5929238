import { GarbageError, LineSplitter } from './LineSplitter';
import { ListSplitter, parseJson } from './ListSplitter';

/** Random numbers that are the same in each run. */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) % 2 ** 32;
    return Math.floor((((state + 2 ** 32) % 2 ** 32) / 2 ** 32) * below);
  };
}

function chunksOf(bytes: Buffer, random: (below: number) => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(4) === 0 ? 3 : 200);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const NASTY = [
  'plain',
  'quote " and \\ backslash \\" both',
  '{"items":[{"not":"real"}]}',
  ']}],[{',
  'ünï¢ødé 漢字 🙂\u2028',
  '\n\r\t\u0000',
  '\\\\\\',
];

function nastyItems(random: (below: number) => number) {
  return Array.from({ length: random(12) }, (_, index) => ({
    metadata: {
      name: `n${index}`,
      annotations: {
        [NASTY[random(NASTY.length)]]: NASTY[random(NASTY.length)],
      },
    },
    items: [{ deep: [[{}], NASTY[random(NASTY.length)]] }],
    spec: random(2) ? { list: [[], [1, 2, [3]]] } : null,
  }));
}

function split(chunks: Iterable<Buffer>) {
  const splitter = new ListSplitter();
  const items: unknown[] = [];
  for (const chunk of chunks) {
    for (const item of splitter.push(chunk)) items.push(parseJson(item));
  }
  return { items, envelope: splitter.end() };
}

describe('ListSplitter', () => {
  it('finds the same items however the bytes are cut', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed);
      const items = nastyItems(random);
      const metadata = {
        resourceVersion: '7',
        continue: NASTY[random(NASTY.length)],
        items: ['a', { b: [] }],
      };
      const list =
        random(2) === 0
          ? { kind: 'XList', apiVersion: 'v1', metadata, items }
          : {
              items,
              extra: 'items',
              metadata,
              kind: 'XList',
              apiVersion: 'v1',
            };
      const text = JSON.stringify(list, null, random(3));
      const found = split(chunksOf(Buffer.from(text), random));
      expect(found.items).toEqual(items);
      expect(found.envelope).toMatchObject({ kind: 'XList', metadata });
    }
  });

  it('reads lists without items', () => {
    const read = (text: string) => split([Buffer.from(text)]);
    expect(read('{"kind":"L","items":null}').items).toEqual([]);
    expect(read('{"kind":"L"}').items).toEqual([]);
    expect(read(' {"items" : [ ] , "kind":"L"}\n')).toMatchObject({
      items: [],
      envelope: { kind: 'L' },
    });
  });

  it.each([
    ['cut off in an item', '{"items":[{"a":1'],
    ['cut off after the items', '{"items":[{"a":1}]'],
    ['no JSON', '<html>no</html>'],
    ['a number as item', '{"items":[1]}'],
    ['a string as item', '{"items":["x"]}'],
    ['brackets that do not match', '{"items":[{"a":[}]]}'],
    ['too many brackets', '{"items":[]}}'],
    ['two lists', '{"items":[]}{"items":[]}'],
    ['nothing', ''],
    ['garbage around the items', '{"kind":nonsense,"items":[]}'],
  ])('refuses %s', (_, text) => {
    expect(() => split([Buffer.from(text)])).toThrow(GarbageError);
  });

  it('bounds an item and what surrounds the items', () => {
    const run = (text: string) => {
      const splitter = new ListSplitter({
        maxItemBytes: 20,
        maxEnvelopeBytes: 40,
      });
      for (const byte of Buffer.from(text)) {
        for (const _ of splitter.push(Buffer.from([byte])));
      }
      return splitter.end();
    };
    expect(run('{"items":[{"a":"12345678"}]}')).toEqual({ items: [] });
    expect(() => run('{"items":[{"a":"123456789012345"}]}')).toThrow(
      'larger than allowed',
    );
    expect(() => run(`{"kind":"${'x'.repeat(50)}"}`)).toThrow(
      'larger than allowed',
    );
  });

  it('does not change prototypes', () => {
    const { items } = split([
      Buffer.from('{"items":[{"__proto__":{"polluted":true}}]}'),
    ]);
    expect(Object.getPrototypeOf(items[0])).toBe(Object.prototype);
    expect(Object.keys({})).not.toContain('polluted');
  });
});

describe('LineSplitter', () => {
  it('finds the same lines however the bytes are cut', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed);
      const lines = Array.from({ length: random(9) }, () =>
        JSON.stringify(NASTY.slice(random(NASTY.length))),
      );
      const bytes = Buffer.from(lines.map(one => `${one}\n`).join(''));
      const splitter = new LineSplitter();
      const found = chunksOf(bytes, random).flatMap(chunk =>
        [...splitter.push(chunk)].map(String),
      );
      expect(found).toEqual(lines);
      expect(splitter.pendingBytes).toBe(0);
    }
  });

  it('keeps what has no end yet, and leaves empty lines out', () => {
    const splitter = new LineSplitter();
    const push = (text: string) =>
      [...splitter.push(Buffer.from(text))].map(String);
    expect(push('\n\na\n\nb')).toEqual(['a']);
    expect(splitter.pendingBytes).toBe(1);
    expect(push('c\n')).toEqual(['bc']);
  });

  it('takes lines of 5 MB and refuses longer ones than it is told to', () => {
    const long = Buffer.alloc(5_000_000, 'x');
    const splitter = new LineSplitter();
    expect([...splitter.push(long)]).toEqual([]);
    expect([...splitter.push(Buffer.from('\n'))][0]).toHaveLength(5_000_000);
    const strict = new LineSplitter(10);
    expect([...strict.push(Buffer.from('12345'))]).toEqual([]);
    expect(() => [...strict.push(Buffer.from('678901\n'))]).toThrow(
      GarbageError,
    );
  });
});
