import {
  editableManifest,
  leftOver,
  mergePatch,
  toYaml,
  wholeManifest,
} from './manifest';

const KIND = { group: 'apps', version: 'v1', kind: 'Deployment' };

const OBJECT = {
  metadata: {
    name: 'payments',
    uid: 'u1',
    resourceVersion: '7',
    generation: 2,
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{ manager: 'kubectl' }],
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      'backstage-k8s.io/request': 'abc',
      team: 'shop',
    },
  },
  spec: { replicas: 2 },
  status: { replicas: 2 },
};

describe('editableManifest', () => {
  it('has what can be edited, and nothing that the API server keeps', () => {
    expect(toYaml(editableManifest(OBJECT, KIND))).toBe(
      [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: payments',
        '  annotations:',
        '    team: shop',
        'spec:',
        '  replicas: 2',
        '',
      ].join('\n'),
    );
  });
});

describe('wholeManifest', () => {
  it('leaves out only who set which field', () => {
    const text = toYaml(wholeManifest(OBJECT, KIND));
    expect(text).toContain('resourceVersion: "7"');
    expect(text).toContain('status:');
    expect(text).not.toContain('managedFields');
  });
});

describe('mergePatch', () => {
  it('holds what differs, and null for what goes', () => {
    const before = { a: 1, b: { c: 1, d: 2 }, list: [1, 2], same: { x: [1] } };
    const after = { a: 1, b: { c: 3 }, list: [2], same: { x: [1] }, e: 5 };
    expect(mergePatch(before, after)).toEqual({
      b: { c: 3, d: null },
      list: [2],
      e: 5,
    });
  });
});

describe('leftOver', () => {
  const container = (name: string, part: object = {}) => ({ name, ...part });

  it('names what was taken out and would stay', () => {
    const before = {
      labels: { a: '1', b: '2' },
      containers: [container('app', { env: [], image: 'x' }), container('log')],
    };
    const edited = {
      labels: { a: '1' },
      containers: [container('app', { image: 'y' })],
    };
    const planned = {
      labels: { a: '1', b: '2' },
      containers: [container('log'), container('app', { env: [], image: 'y' })],
    };
    expect(leftOver({ before, edited, planned })).toEqual([
      'labels.b',
      'containers[name=app].env',
      'containers[name=log]',
    ]);
  });

  it('names nothing where all goes as it was asked for', () => {
    const before = { labels: { a: '1' }, list: ['x', 'y'] };
    const edited = { labels: {}, list: ['x'] };
    expect(leftOver({ before, edited, planned: edited })).toEqual([]);
  });
});
