import { parseDocument } from 'yaml';
import type { JsonSchema } from './JsonSchema';
import { checkManifest } from './checkManifest';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['spec', 'status'],
  properties: {
    kind: { type: 'string' },
    metadata: { $ref: '#/definitions/Meta' },
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer' },
        ratio: { type: 'number' },
        mode: { type: 'string', enum: ['fast', 'safe'] },
        port: { 'x-kubernetes-int-or-string': true },
        limit: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        env: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' } },
          },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: {} },
  },
  definitions: {
    Meta: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        labels: {
          type: 'object',
          additionalProperties: { type: 'string' },
        },
      },
    },
  },
};

/** Each problem as its code, what it is about, and the text that is marked. */
function problemsOf(text: string) {
  return checkManifest(parseDocument(text), SCHEMA).map(
    ({ code, words, from, to }) =>
      [code, ...Object.values(words), text.slice(from, to)].join(' '),
  );
}

describe('checkManifest', () => {
  it.each<[string, string, string[]]>([
    [
      'what is right',
      'spec: {size: 3, ratio: 1, mode: fast, port: http, limit: 500m}',
      [],
    ],
    ['a port as a number', 'spec: {size: 3, port: 80, limit: 1.5}', []],
    ['anything where anything may be', 'spec: {size: 1, free: {a: [1]}}', []],
    ['nothing for something', 'spec: {size: 1, mode: }', []],
    ['what the cluster writes', 'spec: {size: 1}\nstatus: {odd: 1}', []],
    ['an unknown field', 'spec: {size: 1, sise: 2}', ['unknown sise sise']],
    [
      'an unknown field at the top',
      'sepc: 1\nspec: {size: 1}',
      ['unknown sepc sepc'],
    ],
    ['a missing field', 'spec: {mode: safe}', ['required size spec']],
    ['a missing field at the top', 'kind: Widget', ['required spec kind']],
    [
      'a missing field of an item',
      'spec: {size: 1, env: [{}]}',
      ['required name {}'],
    ],
    ['a wrong type', 'spec: {size: "3"}', ['type integer "3"']],
    ['a fraction', 'spec: {size: 1.5}', ['type integer 1.5']],
    [
      'a number for a text',
      'spec: {size: 1}\nmetadata: {labels: {a: 1}}',
      ['type string 1'],
    ],
    ['a list for a map', 'spec: []', ['type object []']],
    ['a map for a list', 'spec: {size: 1, env: {}}', ['type array {}']],
    [
      'a value that is none of them',
      'spec: {size: 1, mode: slow}',
      ['enum fast, safe slow'],
    ],
    ['no manifest at all', 'hello', ['type object hello']],
  ])('sees %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
