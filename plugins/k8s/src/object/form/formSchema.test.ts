import type { JsonSchema } from '../schema/JsonSchema';
import { arrangeFields, isOffered } from './commonFields';
import { pathKey, pathText, withItems, withoutUndefined } from './fieldPath';
import { fits, shapeOf } from './fieldShape';
import { fieldTitle } from './fieldTitle';
import { formSchemaOf } from './formSchema';
import { metadataProblems } from './formProblems';
import { listFields, searchFields } from './searchFields';

const QUANTITY: JsonSchema = {
  oneOf: [{ type: 'string' }, { type: 'number' }],
};
const ROOT: JsonSchema = {
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { allOf: [{ $ref: '#/definitions/ObjectMeta' }] },
    spec: { $ref: '#/definitions/Spec' },
    status: { type: 'object' },
  },
  definitions: {
    ObjectMeta: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        namespace: { type: 'string' },
        uid: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    Spec: {
      type: 'object',
      required: ['mode'],
      properties: {
        mode: { type: 'string', enum: ['fast', 'safe', ''] },
        size: { type: 'integer', minimum: 1 },
        port: { 'x-kubernetes-int-or-string': true },
        limits: { type: 'object', additionalProperties: QUANTITY },
        parts: { type: 'array', items: { $ref: '#/definitions/Part' } },
        anything: { 'x-kubernetes-preserve-unknown-fields': true },
        // As in a CustomResourceDefinition, which describes schemas.
        inner: { $ref: '#/definitions/Spec' },
      },
    },
    Part: {
      type: 'object',
      required: ['name'],
      // As it came over the network.
      properties: { name: { type: 'string', pattern: '(?i)x' } as JsonSchema },
    },
  },
};

const NOTHING_OPEN = { sections: {}, revealed: {} };
const build = (data: unknown, open = NOTHING_OPEN, isNamespaced = true) =>
  formSchemaOf(ROOT, { data, open, isNamespaced });
/** Schema and ui of a field. */
function field(built: ReturnType<typeof build>, ...path: string[]) {
  // Shapes that the form library leaves open.
  let schema: any = built.schema; // eslint-disable-line @typescript-eslint/no-explicit-any
  let ui: any = built.uiSchema; // eslint-disable-line @typescript-eslint/no-explicit-any
  for (const name of path) {
    schema = schema.properties[name];
    ui = ui[name];
  }
  return { schema, ui };
}

describe('the schema of the form', () => {
  it('offers neither what is given nor what the cluster writes', () => {
    const built = build({});
    expect(Object.keys(built.schema.properties!)).toEqual(['metadata', 'spec']);
    const open = {
      ...NOTHING_OPEN,
      sections: { [pathKey(['metadata'])]: true },
    };
    expect(
      Object.keys(field(build({}, open), 'metadata').schema.properties),
    ).toEqual(['name', 'namespace', 'labels']);
    expect(
      Object.keys(field(build({}, open, false), 'metadata').schema.properties),
    ).toEqual(['name', 'labels']);
  });

  it('shows each field as what it is', () => {
    const { schema, ui } = field(build({}), 'spec');
    expect(schema.required).toEqual(['mode']);
    expect(schema.properties.mode.enum).toEqual(['fast', 'safe']);
    expect(schema.properties.size).toMatchObject({
      type: 'integer',
      minimum: 1,
    });
    expect(ui.port['ui:field']).toBe('ScalarField');
    expect(ui.limits['ui:field']).toBe('MapField');
    expect(ui.parts['ui:field']).toBe('ListField');
    expect(ui.anything['ui:field']).toBe('YamlField');
    expect(ui.inner['ui:field']).toBe('ClosedField');
  });

  it('has an end although the schema has none', () => {
    const built = build({ spec: { inner: { inner: {} } } });
    expect(field(built, 'spec', 'inner', 'inner').ui.inner['ui:field']).toBe(
      'ClosedField',
    );
  });

  it('opens what is set or asked for, and closes what is closed', () => {
    expect(
      field(build({ spec: { inner: {} } }), 'spec', 'inner').schema.properties,
    ).toBeDefined();
    const inner = pathKey(['spec', 'inner']);
    const closed = build(
      { spec: { inner: {} } },
      { sections: { [inner]: false }, revealed: {} },
    );
    expect(field(closed, 'spec').ui.inner['ui:field']).toBe('ClosedField');
    const asked = build({}, { sections: { [inner]: true }, revealed: {} });
    expect(field(asked, 'spec', 'inner').schema.properties).toBeDefined();
  });

  it('has a schema for each item of a list', () => {
    const { schema, ui } = field(build({ spec: { parts: [{}, 7] } }), 'spec');
    expect(schema.properties.parts.items).toHaveLength(2);
    expect(schema.properties.parts.items[0].required).toEqual(['name']);
    expect(ui.parts.items[1]['ui:field']).toBe('YamlField');
  });

  it('leaves patterns of another language than ours to the cluster', () => {
    const { schema } = field(build({ spec: { parts: [{}] } }), 'spec');
    const [part] = schema.properties.parts.items;
    expect(part.properties.name.pattern).toBeUndefined();
  });

  it('keeps what it has no field for, as YAML', () => {
    const { ui, schema } = field(
      build({ spec: { size: 'many', unheardOf: [1], mode: 'odd' } }),
      'spec',
    );
    expect(Object.keys(schema.properties)).toContain('unheardOf');
    for (const name of ['size', 'unheardOf', 'mode']) {
      expect([name, ui[name]['ui:field']]).toEqual([name, 'YamlField']);
    }
  });
});

describe('the shape of a field', () => {
  it.each<[JsonSchema, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: 'boolean' }, 'boolean'],
    [QUANTITY, 'anyScalar'],
    [{ format: 'int-or-string', oneOf: [] }, 'anyScalar'],
    [{ type: 'object' }, 'yaml'],
    [{ type: 'object', additionalProperties: true }, 'yaml'],
    [{ type: 'object', additionalProperties: { type: 'object' } }, 'yaml'],
    [{ type: 'array' }, 'yaml'],
    [{ type: 'array', items: { type: 'string' } }, 'list'],
    [{ anyOf: [{ type: 'object' }, { type: 'string' }] }, 'yaml'],
    [{}, 'yaml'],
  ])('of %j is %s', (schema, shape) => {
    expect(shapeOf(schema, {})).toBe(shape);
  });

  it.each([
    ['map', { a: '1', b: 2 }, true],
    ['map', { a: {} }, false],
    ['text', 7, false],
    ['text', undefined, true],
    ['list', {}, false],
    ['boolean', 'true', false],
  ] as const)('%s fits %j: %s', (shape, value, expected) => {
    expect(fits(shape, value, {})).toBe(expected);
  });
});

describe('the order of fields', () => {
  const names = Array.from({ length: 30 }, (_, index) => `field${index}`);
  const arrange = (path: string[], more: string[] = []) =>
    arrangeFields(path, {
      names: [...names, ...more],
      required: ['field20'],
      isSet: name => name === 'field25',
      isLarge: () => false,
    });

  it('begins with what is needed, common or set; the rest is folded', () => {
    const { first, rest } = arrange(['x', 'containers', '0'], ['image']);
    expect(first).toEqual(['field20', 'field25']);
    expect(rest).toHaveLength(29);
    const common = arrangeFields(['spec', 'containers', 0], {
      names: [...names, 'image', 'name'],
      required: ['name'],
      isSet: () => false,
      isLarge: () => false,
    });
    expect(common.first).toEqual(['name', 'image']);
  });

  it('shows some fields of an object of which nothing is known', () => {
    const { first, rest } = arrangeFields(['odd'], {
      ...{ names, required: [], isSet: () => false, isLarge: () => false },
    });
    expect(first).toHaveLength(10);
    expect(rest).toHaveLength(20);
  });

  it('folds nothing of a small object', () => {
    expect(
      arrangeFields(['spec'], {
        ...{ names: names.slice(0, 4), required: [] },
        ...{ isSet: () => false, isLarge: () => false },
      }).rest,
    ).toEqual([]);
  });

  it('is not asked for what the cluster writes, at any depth', () => {
    expect(isOffered([], 'status')).toBe(false);
    expect(isOffered(['spec'], 'status')).toBe(true);
    expect(isOffered(['spec', 'template', 'metadata'], 'uid')).toBe(false);
  });
});

describe('paths', () => {
  it('are made to lead somewhere without changing what is there', () => {
    const value = { spec: { parts: [{ name: 'a' }] } };
    expect(withItems(value, ['spec', 'parts', 1, 'name'])).toEqual({
      spec: { parts: [{ name: 'a' }, {}] },
    });
    expect(withItems({}, ['spec', 'parts', 0, 'name'])).toEqual({
      spec: { parts: [{}] },
    });
    expect(withItems(value, ['spec', 'inner', 'size'])).toEqual(value);
  });

  it('are written as people write them', () => {
    expect(pathText(['spec', 'parts', 0, 'name'])).toBe('spec.parts[].name');
  });

  it('forget what was emptied, not what is empty on purpose', () => {
    expect(
      withoutUndefined({
        a: undefined,
        b: { c: undefined },
        emptyDir: {},
        list: [{ d: undefined }, 1],
      }),
    ).toEqual({ emptyDir: {}, list: [{}, 1] });
  });
});

describe('the search for fields', () => {
  const fields = listFields(ROOT);

  it('finds fields at any depth, the best first', () => {
    const found = searchFields(fields, 'NAME').map(({ path }) =>
      pathText(path),
    );
    expect(found.slice(0, 2)).toEqual(['metadata.name', 'spec.parts[].name']);
    expect(found).toContain('metadata.namespace');
  });

  it('finds by path, and nothing for nothing', () => {
    expect(
      searchFields(fields, 'parts.name').map(({ path }) => pathText(path))[0],
    ).toBe('spec.parts[].name');
    expect(searchFields(fields, ' ')).toEqual([]);
    expect(searchFields(fields, 'uid')).toEqual([]);
  });
});

it.each([
  ['containerPort', 'Container port'],
  ['hostIP', 'Host IP'],
  ['dnsPolicy', 'DNS policy'],
  ['x_odd-name', 'X odd name'],
])('calls %s %s', (name, title) => {
  expect(fieldTitle(name)).toBe(title);
});

describe('names', () => {
  const CONFIG_MAPS = { group: '', plural: 'configmaps', namespaced: true };
  const of = (metadata: Record<string, unknown>) =>
    metadataProblems(CONFIG_MAPS, { metadata });

  it.each([
    [{ name: 'a', namespace: 'shop' }, {}],
    [{ generateName: 'a-' }, {}],
    [{ name: '' }, { name: 'nameMissing' }],
    [{ name: 'A' }, { name: 'nameInvalid' }],
    [{ name: 'a', namespace: 'x.y' }, { namespace: 'namespaceInvalid' }],
    [{ name: 'a', labels: { 'a b': '' } }, { labels: 'labelInvalid' }],
  ])('%j: %j', (metadata, problems) => {
    expect(of(metadata)).toEqual(problems);
  });

  it('are those of the kind', () => {
    const roles = {
      ...{ group: 'rbac.authorization.k8s.io', plural: 'roles' },
      namespaced: true,
    };
    const metadata = { name: 'system:a', namespace: 'shop' };
    expect(metadataProblems(roles, { metadata })).toEqual({});
  });
});
