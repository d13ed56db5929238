/**
 * YAML for input that nobody trusts. Its size, number of tokens and depth are bounded before it is parsed (deep nesting costs
 * the parser its stack, many keys quadratic time); aliases, merge keys, tags and anything but text as a key are refused. The
 * result is made of Maps, arrays and scalars, so that no key can reach a prototype. JSON is YAML too.
 */
import { InputError } from '@backstage/errors';
import { CST, Lexer, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ParsedNode } from 'yaml';

/** A kubeconfig of thirty clusters with all certificates embedded is below this. */
const MAX_CHARACTERS = 256 * 1024;
const MAX_TOKENS = 10_000;
const MAX_DEPTH = 16;
/** Characters that a key may have; longer ones are no field of a kubeconfig. */
const MAX_KEY_LENGTH = 253;

/** What YAML holds; `null` for an empty value. */
export type YamlValue =
  | Map<string, YamlValue>
  | YamlValue[]
  | string
  | number
  | boolean
  | null;

function refusal(reason: string): InputError {
  return new InputError(`The kubeconfig cannot be read: ${reason}`);
}

const FLOW_STARTS = new Set<CST.TokenType | null>([
  'flow-seq-start',
  'flow-map-start',
]);
const FLOW_ENDS = new Set<CST.TokenType | null>([
  'flow-seq-end',
  'flow-map-end',
]);
// Several of these on one line nest without any indentation.
const INDICATORS = new Set<CST.TokenType | null>([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
]);

/** Looks at the tokens only, which takes time in proportion to the text. */
function assertBounded(text: string) {
  if (text.length > MAX_CHARACTERS) {
    throw refusal(`it is longer than ${MAX_CHARACTERS / 1024} KiB`);
  }
  let tokens = 0;
  let depth = 0;
  let onLine = 0;
  for (const token of new Lexer().lex(text)) {
    tokens++;
    const type = CST.tokenType(token);
    if (FLOW_STARTS.has(type)) depth++;
    else if (FLOW_ENDS.has(type)) depth--;
    else if (type === 'newline') onLine = 0;
    else if (INDICATORS.has(type) && depth === 0) onLine++;
    if (tokens > MAX_TOKENS) throw refusal('it has too many parts');
    if (depth > MAX_DEPTH || onLine > MAX_DEPTH) {
      throw refusal('it is nested too deeply');
    }
  }
}

function keyOf(node: unknown): string {
  if (!isScalar(node) || typeof node.value !== 'string') {
    throw refusal('a key is not text');
  }
  if (node.value.length > MAX_KEY_LENGTH) throw refusal('a key is too long');
  if (node.value === '<<') throw refusal('it has merge keys');
  return node.value;
}

function valueOf(node: ParsedNode | null, depth: number): YamlValue {
  if (depth > MAX_DEPTH) throw refusal('it is nested too deeply');
  if (node === null) return null;
  if (node.tag) throw refusal('it has tags');
  if (isSeq(node)) {
    return node.items.map(item => valueOf(item as ParsedNode, depth + 1));
  }
  if (isMap(node)) {
    const map = new Map<string, YamlValue>();
    for (const { key, value } of node.items) {
      const name = keyOf(key);
      if (map.has(name)) throw refusal('a key is there twice');
      map.set(name, valueOf(value as ParsedNode | null, depth + 1));
    }
    return map;
  }
  if (!isScalar(node)) throw refusal('it has aliases');
  const { value } = node;
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  throw refusal('a value is neither text nor a number');
}

/**
 * Reads one document of YAML or JSON.
 *
 * @throws InputError that says what is wrong, without any of the text
 */
export function readBoundedYaml(text: string): YamlValue {
  assertBounded(text);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // Checked below; the parser compares each key with each other.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw refusal(`it is not valid YAML or JSON (line ${line})`);
  }
  return valueOf(document.contents, 0);
}
