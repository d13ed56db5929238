import type { JsonSchema } from './JsonSchema';
import { optionsAt, placeIn } from './completeManifest';

/** The place of `▮` in a text. */
function placeOf(text: string) {
  const position = text.indexOf('▮');
  return placeIn(text.replace('▮', ''), position);
}

describe('placeIn', () => {
  it.each<[string, string, (string | number)[] | undefined, ...string[]]>([
    ['the top', '▮', []],
    ['a field of the top', 'apiVersion: v1\nki▮', []],
    ['a field', 'spec:\n  re▮', ['spec']],
    ['an empty line', 'spec:\n  replicas: 1\n  ▮', ['spec']],
    ['after a deeper field', 'spec:\n  a:\n    b: 1\n  ▮', ['spec']],
    ['back at the top', 'spec:\n  a: 1\n▮', []],
    [
      'an item',
      'spec:\n  containers:\n    - name: a\n      im▮',
      ['spec', 'containers', 0],
    ],
    [
      'the first field of an item',
      'spec:\n  containers:\n  - na▮',
      ['spec', 'containers', 0],
    ],
    [
      'a list as far in as its field',
      'spec:\n  containers:\n  - name: a\n    ports:\n    - container▮',
      ['spec', 'containers', 0, 'ports', 0],
    ],
    ['after such a list', 'spec:\n  containers:\n  - name: a\n  ▮', ['spec']],
    ['a list in a list', 'a:\n  - - b▮', ['a', 0, 0]],
    ['a value', 'spec:\n  type: Clu▮', ['spec'], 'type'],
    ['a value after nothing', 'spec:\n  type: ▮', ['spec'], 'type'],
    ['a comment', 'spec: # a▮', undefined],
    ['a text of several lines', 'data:\n  a: |\n    ho▮', undefined],
    ['after such a text', 'data:\n  a: |\n    b: c\n  ▮', ['data']],
    ['something else', 'spec:\n  a b▮', undefined],
  ])('knows %s', (...[, text, path, field]) => {
    expect(placeOf(text)?.path).toEqual(path);
    expect(placeOf(text)?.field).toEqual(field);
  });
});

describe('optionsAt', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      spec: { allOf: [{ $ref: '#/definitions/Spec' }] },
    },
    definitions: {
      Spec: {
        type: 'object',
        required: ['type'],
        properties: {
          type: { type: 'string', enum: ['ClusterIP', 'NodePort', ''] },
          hostNetwork: { type: 'boolean' },
          ports: {
            type: 'array',
            description: 'Where it listens.',
            items: { properties: { port: { format: 'int-or-string' } } },
          },
        },
      },
    },
  };

  it('offers the fields with their types', () => {
    expect(optionsAt(schema, { path: ['spec'] })).toEqual([
      expect.objectContaining({
        label: 'type',
        text: 'type: ',
        detail: 'string',
        isRequired: true,
      }),
      expect.objectContaining({ label: 'hostNetwork', isRequired: false }),
      expect.objectContaining({
        label: 'ports',
        text: 'ports:',
        info: 'Where it listens.',
      }),
    ]);
    expect(optionsAt(schema, { path: ['spec', 'ports', 0] })).toEqual([
      expect.objectContaining({ label: 'port', detail: 'integer / string' }),
    ]);
  });

  it('offers values where there are few', () => {
    const labels = (field: string) =>
      optionsAt(schema, { path: ['spec'], field }).map(({ label }) => label);
    expect(labels('type')).toEqual(['ClusterIP', 'NodePort']);
    expect(labels('hostNetwork')).toEqual(['true', 'false']);
    expect(labels('ports')).toEqual([]);
  });

  it('offers nothing where there is no such field', () => {
    expect(optionsAt(schema, { path: ['spec', 'typo'] })).toEqual([]);
  });
});
