import { LogBuffer } from './LogBuffer';
import { holds, lineParts } from './lineParts';
import { containersOf, podSelectionOf } from './logSelection';
import { shortNames } from './podColor';
import { unfoldJson } from './unfoldJson';

const object = (spec: unknown) =>
  ({
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'shop' },
    spec,
  } as Parameters<typeof podSelectionOf>[0]);

it.each([
  ['a pod', 'pods', {}, { pods: ['shop'] }],
  [
    'labels',
    'deployments',
    { selector: { matchLabels: { app: 'shop', tier: 'web' } } },
    { selector: 'app=shop,tier=web' },
  ],
  [
    'expressions',
    'deployments',
    {
      selector: {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['a', 'b'] },
          { key: 'tier', operator: 'NotIn', values: ['db'] },
          { key: 'live', operator: 'Exists' },
          { key: 'old', operator: 'DoesNotExist' },
        ],
      },
    },
    { selector: 'app in (a,b),tier notin (db),live,!old' },
  ],
  [
    'a ReplicationController',
    'replicationcontrollers',
    { selector: { app: 'shop' } },
    { selector: 'app=shop' },
  ],
  // Fewer conditions than it has would find pods that are not its own.
  [
    'an operator that is not known',
    'deployments',
    {
      selector: {
        matchLabels: { app: 'shop' },
        matchExpressions: [{ key: 'x', operator: 'Gt', values: ['1'] }],
      },
    },
    undefined,
  ],
  ['no selector', 'deployments', {}, undefined],
  // It would find every pod of the namespace.
  ['an empty selector', 'deployments', { selector: {} }, undefined],
])('finds the pods of %s', (_, plural, spec, expected) => {
  expect(podSelectionOf(object(spec), plural)).toEqual(expected);
});

it('names the containers of a pod and of a template, those that ran before last', () => {
  const spec = {
    containers: [{ name: 'main' }, { name: 'beside' }],
    initContainers: [{ name: 'first' }],
  };
  const names = ['main', 'beside', 'first'];
  expect(containersOf(object(spec))).toEqual(names);
  expect(containersOf(object({ template: { spec } }))).toEqual(names);
  expect(containersOf(object(undefined))).toEqual([]);
});

it('cuts a line at what is searched for', () => {
  expect(lineParts('An ERROR, an error', 'error')).toEqual([
    { text: 'An ', isMatch: false },
    { text: 'ERROR', isMatch: true },
    { text: ', an ', isMatch: false },
    { text: 'error', isMatch: true },
  ]);
  expect(lineParts('nothing', 'x')).toEqual([
    { text: 'nothing', isMatch: false },
  ]);
  // A capital that is two letters in lower case.
  expect(lineParts('İstanbul error', 'error')).toHaveLength(1);
  expect(holds('An ERROR', 'error')).toBe(true);
  // It is text, whatever it looks like.
  expect(holds('aaaa', 'a+')).toBe(false);
});

it('unfolds lines that are JSON objects, and no others', () => {
  expect(unfoldJson('{"level":"info","n":1}')).toBe(
    '{\n  "level": "info",\n  "n": 1\n}',
  );
  for (const line of ['{not json}', '[1]', '"text"', '', '12']) {
    expect(unfoldJson(line)).toBeUndefined();
  }
});

it('leaves out what the names of pods have in common', () => {
  expect([...shortNames(['shop-7d-abc', 'shop-7d-xyz']).values()]).toEqual([
    'abc',
    'xyz',
  ]);
  expect([...shortNames(['shop-7d-abc', 'shop-8e-abc']).values()]).toEqual([
    '7d-abc',
    '8e-abc',
  ]);
  expect([...shortNames(['one', 'two']).values()]).toEqual(['one', 'two']);
  expect([...shortNames(['shop-7d-abc']).values()]).toEqual(['shop-7d-abc']);
});

it('puts what several pods say in the order of their times', () => {
  const buffer = new LogBuffer();
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
  const add = (pod: string, ...seconds: number[]) =>
    buffer.add({
      pod,
      container: 'main',
      lines: seconds.map(second => ({
        at: at(second),
        text: `${pod}${second}`,
      })),
    });
  add('a', 1, 3, 5);
  add('b', 2, 4);
  add('a', 6);
  expect(buffer.lines.map(({ text }) => text)).toEqual([
    ...['a1', 'b2', 'a3', 'b4', 'a5', 'a6'],
  ]);
  buffer.add({ pod: 'c', container: 'main', lines: [{ text: 'no time' }] });
  expect(buffer.lines.at(-1)?.text).toBe('no time');
  expect(new Set(buffer.lines.map(({ id }) => id)).size).toBe(7);
});

it('keeps the newest lines', () => {
  const buffer = new LogBuffer();
  const lines = Array.from({ length: 60_000 }, (_, index) => ({
    text: String(index),
  }));
  buffer.add({ pod: 'a', container: 'main', lines });
  expect(buffer.lines.length + buffer.dropped).toBe(60_000);
  expect(buffer.lines.length).toBeLessThanOrEqual(50_000);
  expect(buffer.lines.at(-1)?.text).toBe('59999');
});
