import { differences } from './differences';
import { holdsPath, ownersOf } from './fieldOwners';
import { fieldPathText } from './fieldPath';
import { planOf } from './plan';

const pod = (containers: object[]) => ({ spec: { containers } });
const read = (before: unknown, after: unknown) =>
  differences(before, after).map(({ path, ...rest }) => ({
    path: fieldPathText(path),
    ...rest,
  }));

describe('differences', () => {
  it.each<[string, unknown, unknown, object[]]>([
    ['nothing', { a: [1] }, { a: [1] }, []],
    ['a field', { a: 1 }, { a: 2 }, [{ path: 'a', before: 1, after: 2 }]],
    ['added as a whole', {}, { a: { b: 1 } }, [{ path: 'a', after: { b: 1 } }]],
    [
      'removed',
      { a: { b: 1, c: 2 } },
      { a: { b: 1 } },
      [{ path: 'a.c', before: 2 }],
    ],
    [
      'an item by its name, in another order',
      pod([
        { name: 'app', image: 'a:1' },
        { name: 'mesh', image: 'm' },
      ]),
      pod([
        { name: 'mesh', image: 'm' },
        { name: 'app', image: 'a:2' },
      ]),
      [
        {
          path: 'spec.containers[name=app].image',
          before: 'a:1',
          after: 'a:2',
        },
      ],
    ],
    [
      'a new item',
      pod([{ name: 'app' }]),
      pod([{ name: 'app' }, { name: 'mesh' }]),
      [{ path: 'spec.containers[name=mesh]', after: { name: 'mesh' } }],
    ],
    [
      'ports by their number',
      { ports: [{ containerPort: 80 }] },
      { ports: [{ containerPort: 80, name: 'web' }] },
      [{ path: 'ports[containerPort=80].name', after: 'web' }],
    ],
    [
      'lists of plain values as a whole',
      { args: ['a'] },
      { args: ['a', 'b'] },
      [{ path: 'args', before: ['a'], after: ['a', 'b'] }],
    ],
    [
      'only the order',
      { env: [{ name: 'a' }, { name: 'b' }] },
      { env: [{ name: 'b' }, { name: 'a' }] },
      [
        {
          path: 'env',
          before: [{ name: 'a' }, { name: 'b' }],
          after: [{ name: 'b' }, { name: 'a' }],
        },
      ],
    ],
    [
      'keys that are no plain words',
      { metadata: { labels: {} } },
      { metadata: { labels: { 'a.b/c': 'x' } } },
      [{ path: 'metadata.labels["a.b/c"]', after: 'x' }],
    ],
    [
      'another type',
      { a: [1] },
      { a: {} },
      [{ path: 'a', before: [1], after: {} }],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(read(before, after)).toEqual(expected);
  });
});

describe('field owners', () => {
  const image = differences(
    pod([{ name: 'app', image: 'a:1' }]),
    pod([{ name: 'app', image: 'a:2' }]),
  )[0].path;

  it.each<[string, unknown, boolean]>([
    [
      'the field',
      {
        'f:spec': {
          'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {} } },
        },
      },
      true,
    ],
    [
      'another item',
      {
        'f:spec': {
          'f:containers': { 'k:{"name":"mesh"}': { 'f:image': {} } },
        },
      },
      false,
    ],
    [
      'another field of the item',
      {
        'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:args': {} } } },
      },
      false,
    ],
    ['the list as a whole', { 'f:spec': { 'f:containers': {} } }, true],
    [
      'a key that cannot be read',
      { 'f:spec': { 'f:containers': { 'k:{': {} } } },
      false,
    ],
    ['nothing', undefined, false],
  ])('%s', (_, fields, expected) => {
    expect(holdsPath(fields, image)).toBe(expected);
  });

  it('leaves out those of the status and names each once', () => {
    const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
    const object = {
      metadata: {
        managedFields: [
          { manager: 'kubectl', fieldsV1 },
          { manager: 'kubectl', operation: 'Apply', fieldsV1 },
          { manager: 'scaler', subresource: 'scale', fieldsV1 },
        ],
      },
    };
    const path = [{ field: 'spec' }, { field: 'replicas' }];
    expect(ownersOf(object, path)).toEqual(['kubectl']);
  });
});

describe('planOf', () => {
  it('shows what is wanted, not what the server notes', () => {
    const metadata = (resourceVersion: string) => ({
      name: 'a',
      uid: 'u',
      resourceVersion,
      generation: Number(resourceVersion),
      managedFields: [],
      annotations: {
        'backstage-k8s.io/request': resourceVersion,
        'deployment.kubernetes.io/revision': resourceVersion,
      },
    });
    const plan = planOf({
      before: {
        metadata: metadata('1'),
        status: { a: 1 },
        spec: { replicas: 1 },
      },
      after: {
        metadata: metadata('2'),
        status: { a: 2 },
        spec: { replicas: 1 },
      },
    });
    expect(plan.changes).toEqual([]);
    expect(plan.before).toEqual({
      metadata: { name: 'a' },
      spec: { replicas: 1 },
    });
  });

  it('writes out what hides, and shortens', () => {
    const plan = planOf({
      before: { metadata: { name: 'a' } },
      after: {
        metadata: { name: 'a', annotations: { x: 'y'.repeat(1_500_000) } },
        spec: { command: ['a\u202eb\u001b[0m', 'two\nlines'] },
      },
    });
    expect(plan.after?.spec).toEqual({
      command: ['a\\u202eb\\u001b[0m', 'two\nlines'],
    });
    expect(JSON.stringify(plan).length).toBeLessThan(20_000);
  });
});
