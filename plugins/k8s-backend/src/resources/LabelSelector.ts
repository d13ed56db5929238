/**
 * Kubernetes' label selector syntax, read as the API server reads it:
 * `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
import { InputError } from '@backstage/errors';
import { isLabelKey, isLabelValue } from '@backstage-k8s/plugin-k8s-common';

/** Labels of an object; absent: none. */
type Labels = Record<string, string> | undefined;

/** Whether an object with these labels is selected. */
export type LabelSelector = (labels: Labels) => boolean;

/** A part of a selector. */
interface Requirement {
  selects: LabelSelector;
  /** The label has one of these values; absent: it may have others, or be missing. */
  oneOf?: { key: string; values: readonly string[] };
}

// A selector is part of a URL: more than this the API server would not take either.
const MAX_SELECTOR_CHARACTERS = 8192;
const TOKEN = /\s*(?:(!=|==|=|!|,|\(|\))|([^\s!=,()]+))/y;

type Token =
  | { symbol: string; word?: undefined }
  | { symbol?: undefined; word: string };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw refusal(`unexpected character at position ${at + 1}`);
    const [, symbol, word] = match;
    tokens.push(symbol === undefined ? { word } : { symbol });
  }
  return tokens;
}

function refusal(reason: string): InputError {
  return new InputError(`The label selector cannot be read: ${reason}`);
}

/** Reads requirements off the tokens, front to back. */
class SelectorReader {
  #at = 0;

  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  requirements(): Requirement[] {
    const found: Requirement[] = [];
    if (this.#tokens.length === 0) return found;
    do {
      found.push(this.#requirement());
    } while (this.#take(','));
    if (this.#at < this.#tokens.length) throw refusal('a comma is missing');
    return found;
  }

  #requirement(): Requirement {
    if (this.#take('!')) {
      const absent = this.#key();
      return { selects: labels => !has(labels, absent) };
    }
    const key = this.#key();
    if (this.#take('=') || this.#take('==')) {
      const wanted = this.#value();
      return {
        selects: labels => has(labels, key) && labels?.[key] === wanted,
        oneOf: { key, values: [wanted] },
      };
    }
    if (this.#take('!=')) {
      const unwanted = this.#value();
      return {
        selects: labels => !has(labels, key) || labels?.[key] !== unwanted,
      };
    }
    const operator = this.#tokens[this.#at]?.word;
    if (operator === undefined) return { selects: labels => has(labels, key) };
    if (operator !== 'in' && operator !== 'notin') {
      throw refusal('an operator is one of =, ==, !=, in, notin');
    }
    this.#at += 1;
    const values = this.#values();
    if (operator === 'notin') {
      return {
        selects: labels =>
          !has(labels, key) || !values.has(labels?.[key] ?? ''),
      };
    }
    return {
      selects: labels => has(labels, key) && values.has(labels?.[key] ?? ''),
      oneOf: { key, values: [...values] },
    };
  }

  #take(symbol: string): boolean {
    if (this.#tokens[this.#at]?.symbol !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #key(): string {
    const key = this.#tokens[this.#at]?.word;
    this.#at += 1;
    if (key === undefined || !isLabelKey(key)) {
      throw refusal('a label key is missing or not valid');
    }
    return key;
  }

  /** An absent value is the empty value, as in `a=`. */
  #value(): string {
    const value = this.#tokens[this.#at]?.word;
    if (value === undefined) return '';
    if (!isLabelValue(value)) throw refusal('a label value is not valid');
    this.#at += 1;
    return value;
  }

  #values(): Set<string> {
    if (!this.#take('(')) throw refusal('values stand in parentheses');
    const values = new Set<string>();
    do {
      values.add(this.#value());
    } while (this.#take(','));
    if (!this.#take(')')) throw refusal('a closing parenthesis is missing');
    return values;
  }
}

function has(labels: Labels, key: string): boolean {
  return labels !== undefined && Object.hasOwn(labels, key);
}

/**
 * Reads a selector; absent or empty selects everything.
 *
 * @throws InputError that says what is wrong, without the selector
 */
export function parseLabelSelector(text: string | undefined): LabelSelector {
  const requirements = requirementsOf(text);
  return labels => requirements.every(({ selects }) => selects(labels));
}

/**
 * The values that a selector leaves to labels: what it selects has one of them. Labels that it leaves open are not in it.
 *
 * @throws InputError as {@link parseLabelSelector}
 */
export function labelsWanted(
  text: string | undefined,
): { key: string; values: readonly string[] }[] {
  return requirementsOf(text).flatMap(({ oneOf }) => oneOf ?? []);
}

function requirementsOf(text: string | undefined): Requirement[] {
  if (text === undefined || text.trim() === '') return [];
  if (text.length > MAX_SELECTOR_CHARACTERS) throw refusal('it is too long');
  return new SelectorReader(tokensOf(text)).requirements();
}
