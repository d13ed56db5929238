/**
 * The part of Kubernetes' JSONPath that columns of CustomResourceDefinitions are written in: fields (`.a`, `['a']`, `.a\.b`),
 * items (`[0]`, `[-1]`, `[*]`, `.*`) and filters (`[?(@.type=="Ready")]`, `[?(@.done)]`).
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
import { fieldOf, isFields } from './fields';

/** What a path finds in an object; nothing where the object lacks it. */
export type JsonPath = (object: unknown) => readonly unknown[];

type Step = (value: unknown, found: (value: unknown) => void) => void;

/** Characters of a path; printer columns have a few dozen. */
const MAX_LENGTH = 1024;
const MAX_STEPS = 32;
/** Values of one cell; what is more is not shown. */
const MAX_FOUND = 1000;

const NAME = /^\.?((?:\\.|[^\\.[\]{}()?*'"\s])+)/;
const QUOTED = /^\.?\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/;
const INDEX = /^\.?\[(-?\d{1,9})\]/;
const EVERY = /^(?:\.?\[\*\]|\.\*)/;
const FILTER =
  /^\.?\[\?\(\s*@((?:\.(?:\\.|[\w/-])+|\[(?:'[^']*'|"[^"]*")\])+)\s*(?:(==|!=|<=|>=|<|>)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false)\s*)?\)\]/;

const unescape = (text: string) => text.replace(/\\(.)/g, '$1');

function literal(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^['"]/.test(text) ? unescape(text.slice(1, -1)) : Number(text);
}

const COMPARISONS: Readonly<
  Record<string, (one: never, other: never) => boolean>
> = {
  '<': (one, other) => one < other,
  '>': (one, other) => one > other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
};

function compares(operator: string, one: unknown, other: unknown): boolean {
  if (operator === '==') return one === other;
  if (operator === '!=') return one !== other;
  const isComparable =
    typeof one === typeof other &&
    (typeof one === 'number' || typeof one === 'string');
  return isComparable && COMPARISONS[operator](one as never, other as never);
}

const everyItem: Step = (value, found) => {
  if (Array.isArray(value)) value.forEach(found);
  else if (isFields(value)) Object.values(value).forEach(found);
};

const fieldStep =
  (name: string): Step =>
  (value, found) => {
    const field = fieldOf(value, name);
    if (field !== undefined && field !== null) found(field);
  };

const indexStep =
  (index: number): Step =>
  (value, found) => {
    if (!Array.isArray(value)) return;
    const item = value.at(index);
    if (item !== undefined && item !== null) found(item);
  };

function filterStep(match: RegExpExecArray): Step | undefined {
  const [, path, operator, right] = match;
  const steps = stepsOf(path);
  if (!steps) return undefined;
  const expected = right === undefined ? undefined : literal(right);
  const isWanted = (item: unknown) => {
    const [left] = walk(item, steps);
    return operator === undefined
      ? left !== undefined
      : compares(operator, left, expected);
  };
  return (value, found) =>
    everyItem(value, item => {
      if (isWanted(item)) found(item);
    });
}

/** The step that the text begins with, and its length; undefined where it is none that is known. */
function nextStep(text: string): [Step, number] | undefined {
  const filter = FILTER.exec(text);
  if (filter) {
    const step = filterStep(filter);
    return step && [step, filter[0].length];
  }
  const every = EVERY.exec(text);
  if (every) return [everyItem, every[0].length];
  const index = INDEX.exec(text);
  if (index) return [indexStep(Number(index[1])), index[0].length];
  const quoted = QUOTED.exec(text);
  if (quoted) {
    const name = unescape(quoted[1] ?? quoted[2]);
    return [fieldStep(name), quoted[0].length];
  }
  const name = NAME.exec(text);
  return name ? [fieldStep(unescape(name[1])), name[0].length] : undefined;
}

function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const next = nextStep(rest);
    if (!next || steps.length === MAX_STEPS) return undefined;
    steps.push(next[0]);
    rest = rest.slice(next[1]);
  }
  return steps;
}

function walk(object: unknown, steps: readonly Step[]): unknown[] {
  let values: unknown[] = [object];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) {
      step(value, item => {
        if (next.length < MAX_FOUND) next.push(item);
      });
    }
    values = next;
    if (values.length === 0) break;
  }
  return values;
}

/** A function that follows the path; undefined for a path that is not of the part that is understood. */
export function compileJsonPath(path: string): JsonPath | undefined {
  if (path.length > MAX_LENGTH) return undefined;
  const inner = /^\{(.*)\}$/s.exec(path.trim())?.[1] ?? path.trim();
  const steps = stepsOf(inner.replace(/^\$/, ''));
  if (!steps || steps.length === 0) return undefined;
  return object => walk(object, steps);
}
