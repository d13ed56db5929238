import { compileJsonPath } from './jsonPath';

const OBJECT = {
  metadata: {
    name: 'a',
    labels: { 'app.example/tier': 'web', 'it"s': 'quoted' },
  },
  spec: {
    replicas: 0,
    ports: [{ port: 80, name: 'http' }, { port: 443 }, null, 'odd'],
    nested: [[1, 2], [3]],
  },
  status: {
    isDone: false,
    nothing: null,
    conditions: [
      { type: 'Ready', status: 'True', count: 2 },
      { type: 'Synced', status: 'False', count: 5 },
    ],
  },
};

describe('compileJsonPath', () => {
  it.each<[string, unknown[]]>([
    ['.metadata.name', ['a']],
    ['metadata.name', ['a']],
    ['$.metadata.name', ['a']],
    ['{.metadata.name}', ['a']],
    [' {.metadata.name} ', ['a']],
    ["['metadata']['name']", ['a']],
    ['.metadata["name"]', ['a']],
    ['.metadata.labels.app\\.example/tier', ['web']],
    ["metadata.labels['app.example/tier']", ['web']],
    ["metadata.labels['it\"s']", ['quoted']],
    ['.spec.replicas', [0]],
    ['.status.isDone', [false]],
    ['.spec.ports[0].port', [80]],
    ['.spec.ports.[0].port', [80]],
    ['.spec.ports[-1]', ['odd']],
    ['.spec.ports[*].port', [80, 443]],
    ['.spec.ports.*.name', ['http']],
    ['.spec.nested[*][*]', [1, 2, 3]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Synced')].status", ['False']],
    [".status.conditions[?(@['type']=='Ready')].count", [2]],
    ['.status.conditions[?(@.count>2)].type', ['Synced']],
    ['.status.conditions[?(@.count>=2)].type', ['Ready', 'Synced']],
    ['.status.conditions[?(@.count<1)].type', []],
    ['.status.conditions[?(@.type!="Ready")].type', ['Synced']],
    ['.spec.ports[?(@.name)].port', [80]],
    ['.metadata.missing.deeper', []],
    ['.status.nothing', []],
    ['.metadata.name.length', []],
    ['.spec.ports.length', []],
    ['.spec.ports[9]', []],
    ['.spec.replicas[0]', []],
    ['.metadata.__proto__', []],
    ['.metadata.constructor.name', []],
    ['.metadata.toString', []],
  ])('%s finds %j', (path, expected) => {
    expect(compileJsonPath(path)?.(OBJECT)).toEqual(expected);
  });

  it.each([
    '',
    '{}',
    '$',
    '..name',
    '.spec..name',
    '.spec.ports[0:2]',
    ".spec['a','b']",
    '.spec.ports[?(@.port==80 && @.name)]',
    '.spec.ports[(@.length-1)]',
    '.spec.ports[',
    '.spec.ports[abc]',
    '{range .items[*]}{.name}{end}',
    '.a'.repeat(33),
    `.${'a'.repeat(2000)}`,
  ])('does not understand %j', path => {
    expect(compileJsonPath(path)).toBeUndefined();
  });

  it.each([undefined, null, 'text', 7, [], [null]])(
    'finds nothing in %j',
    value => {
      const find = compileJsonPath('.spec.ports[*].port');
      expect(find?.(value)).toEqual([]);
      expect(find?.({ spec: value })).toEqual([]);
      expect(find?.({ spec: { ports: value } })).toEqual([]);
    },
  );

  it('is bounded in what it finds', () => {
    const items = Array.from({ length: 5000 }, (_, index) => ({ a: index }));
    const found = compileJsonPath('.items[*].a')?.({ items });
    expect(found).toHaveLength(1000);
  });
});
