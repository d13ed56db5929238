import { isDeepStrictEqual } from 'node:util';
import type { PathStep } from './fieldPath';

/** A field whose value differs. */
export interface Difference {
  path: PathStep[];
  /** Absent: the field was added. */
  before?: unknown;
  /** Absent: the field was removed. */
  after?: unknown;
}

type Fields = Record<string, unknown>;

/** Fields by which Kubernetes tells the items of its lists apart, in the order in which they are tried. */
const KEYS = [
  'name',
  'mountPath',
  'devicePath',
  'containerPort',
  'topologyKey',
  'ip',
];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key that tells all items of both lists apart, or undefined when the lists can only be compared as a whole. */
function keyOf(before: unknown[], after: unknown[]): string | undefined {
  const isKey = (key: string) =>
    [before, after].every(list => {
      const values = list.map(item => (isFields(item) ? item[key] : undefined));
      return (
        values.every(
          value => typeof value === 'string' || typeof value === 'number',
        ) && new Set(values).size === list.length
      );
    });
  return KEYS.find(isKey);
}

function listDifferences(
  before: unknown[],
  after: unknown[],
  path: PathStep[],
): Difference[] | undefined {
  const key = keyOf(before, after);
  if (key === undefined) return undefined;
  const byKey = (list: unknown[]) =>
    new Map((list as Fields[]).map(item => [item[key], item]));
  const olds = byKey(before);
  const news = byKey(after);
  return [...new Set([...olds.keys(), ...news.keys()])].flatMap(value => {
    const item = olds.get(value) ?? news.get(value) ?? {};
    return differences(olds.get(value), news.get(value), [
      ...path,
      { item, key },
    ]);
  });
}

/** The fields that differ between two values; what is new or gone as a whole is one difference. */
export function differences(
  before: unknown,
  after: unknown,
  path: PathStep[] = [],
): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap(field =>
      differences(before[field], after[field], [...path, { field }]),
    );
  }
  const inLists =
    Array.isArray(before) && Array.isArray(after)
      ? listDifferences(before, after, path)
      : undefined;
  // Equal items in another order: where order does not count, nothing differs.
  if (inLists && inLists.length > 0) return inLists;
  return [
    {
      path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ];
}
