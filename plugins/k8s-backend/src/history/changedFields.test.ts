import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { changedFields } from './changedFields';
import { redactedValue } from './redactedValue';

function deployment(
  more: {
    image?: string;
    env?: object[];
    metadata?: object;
    [field: string]: unknown;
  } = {},
): KubernetesObject {
  const { image = 'app:1', env = [], metadata, ...rest } = more;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      resourceVersion: String(Math.random()),
      generation: 1,
      ...metadata,
    },
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [
            { name: 'sidecar', image: 'side:1' },
            { name: 'app', image, env },
          ],
        },
      },
    },
    ...rest,
  };
}

const changesOf = (before: KubernetesObject, after: KubernetesObject) =>
  changedFields(before, after, { kept: 'values' }).changes;

describe('changedFields', () => {
  it('names a field of an item of a list by pointer and in words', () => {
    expect(changesOf(deployment(), deployment({ image: 'app:2' }))).toEqual([
      {
        path: '/spec/template/spec/containers/1/image',
        field: 'spec.template.spec.containers[name=app].image',
        before: 'app:1',
        after: 'app:2',
      },
    ]);
  });

  it.each<[string, KubernetesObject, KubernetesObject]>([
    ['status', deployment(), deployment({ status: { replicas: 1 } })],
    ['generation', deployment(), deployment({ metadata: { generation: 2 } })],
    [
      'what controllers note',
      deployment(),
      deployment({
        metadata: {
          annotations: { 'deployment.kubernetes.io/revision': '2' },
        },
      }),
    ],
    ['kind and version of a list', deployment({ kind: 'X' }), deployment()],
  ])('leaves out %s', (_, before, after) => {
    expect(changesOf(before, after)).toEqual([]);
  });

  it('tells labels, annotations, finalizers and that it is to be deleted', () => {
    const after = deployment({
      metadata: {
        labels: { 'example.org/tier': 'front' },
        annotations: { note: 'x' },
        finalizers: ['example.org/hold'],
        deletionTimestamp: '2026-01-01T00:00:00Z',
      },
    });
    expect(changesOf(deployment(), after)).toEqual([
      {
        path: '/metadata/labels/example.org~1tier',
        field: 'metadata.labels["example.org/tier"]',
        after: 'front',
      },
      {
        path: '/metadata/annotations/note',
        field: 'metadata.annotations.note',
        after: 'x',
      },
      expect.objectContaining({ path: '/metadata/finalizers' }),
      expect.objectContaining({ path: '/metadata/deletionTimestamp' }),
    ]);
  });

  it.each([
    ...['API_KEY', 'CLIENT_KEY', 'AWS_SECRET_ACCESS_KEY', 'SECRET_KEY_BASE'],
    ...['PRIVATE_KEY', 'DB_PASS', 'TOKEN_VALUE', 'DB_PASSWORD_RO', 'apiKey'],
  ])('takes %s for the name of a secret', name => {
    const env = [{ name, value: 'planted' }];
    expect(JSON.stringify(redactedValue(env, 'env'))).not.toContain('planted');
    expect(redactedValue('planted', name)).toBe('[secret]');
  });

  it.each(['secretName', 'passthrough', 'compass', 'keyRef'])(
    'leaves %s as it is',
    name => expect(redactedValue('seen', name)).toBe('seen'),
  );

  it('looks at no more texts of a value than are kept', () => {
    const many = Array.from({ length: 1_000 }, () => 'ab'.repeat(4_000));
    const text = redactedValue(many, 'data') as string;
    expect(text.length).toBeLessThan(2_100);
  });

  it('says nothing of secrets, by name or by look', () => {
    const variable = (name: string, value: string) => ({ name, value });
    const before = deployment({
      env: [variable('DB_PASSWORD', 'planted-1'), variable('PLAIN', 'seen-1')],
      data: { 'app.properties': 'a=1\npassword=planted-2' },
    });
    const after = deployment({
      env: [
        variable('DB_PASSWORD', 'planted-3'),
        variable('PLAIN', 'seen-2'),
        variable('API_TOKEN', 'planted-4'),
      ],
      data: { 'app.properties': 'a=2\npassword=planted-5', token: 'planted-6' },
      args: ['--password', 'planted-7', '--secret=planted-8'],
    });
    const text = JSON.stringify(changesOf(before, after));
    expect(text).not.toContain('planted');
    expect(text).toContain('seen-1');
    expect(text).toContain('seen-2');
    expect(text).toContain('DB_PASSWORD');
  });

  it('keeps of a Secret which keys came and went', () => {
    const secret = (data: object) => ({ metadata: { name: 's' }, data });
    const { changes } = changedFields(
      secret({ old: '', same: '' }),
      secret({ same: '', new: '' }),
      { kept: 'keys' },
    );
    expect(changes).toEqual([
      { path: '/data/old', field: 'data.old', before: '', hidden: true },
      { path: '/data/new', field: 'data.new', after: '', hidden: true },
    ]);
  });

  it('is bounded: fields, their values, and all of them', () => {
    const data = (value: string, fields: number) =>
      deployment({
        data: Object.fromEntries(
          Array.from({ length: fields }, (_, index) => [`k${index}`, value]),
        ),
      });
    const many = changedFields(data('a', 500), data('b', 500), {
      kept: 'values',
    });
    expect(many.changes).toHaveLength(50);
    expect(many.omitted).toBe(450);
    const long = changedFields(
      data('a'.repeat(1e6), 40),
      data('b c '.repeat(1e5), 40),
      { kept: 'values' },
    );
    expect(JSON.stringify(long.changes).length).toBeLessThan(20_000);
    expect(long.omitted).toBe(40 - long.changes.length);
    expect(long.changes.length).toBeGreaterThan(0);
  });
});

describe('redactedValue', () => {
  it('shortens what is large, and writes out what would act on a screen', () => {
    const large = Array.from({ length: 1000 }, (_, index) => ({ index }));
    expect(String(redactedValue(large, 'x')).length).toBeLessThan(2_100);
    expect(redactedValue('a\u202eb', 'x')).toBe('a\\u202eb');
    expect(redactedValue({ secretName: 'mine', replicas: 3 }, 'x')).toEqual({
      secretName: 'mine',
      replicas: 3,
    });
  });
});
