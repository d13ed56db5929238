import { readManifest } from './readManifest';

const MANIFEST = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', labels: { team: 'b' } },
  data: { key: 'value' },
};

it('puts an object into the namespace of the step, and keeps the rest', () => {
  expect(readManifest(MANIFEST, { namespace: 'payments' })).toEqual({
    ...MANIFEST,
    metadata: { ...MANIFEST.metadata, namespace: 'payments' },
  });
  expect(readManifest(MANIFEST)).toEqual(MANIFEST);
});

it.each([
  ['two documents', 'a: 1\n---\nb: 2\n', 'one YAML document'],
  ['no document', '', 'one YAML document'],
  ['broken YAML', 'a: [1', 'not valid YAML'],
  ['a list', [MANIFEST], 'not an object'],
  ['a text in YAML', 'hello', 'not an object'],
  ['no name', { ...MANIFEST, metadata: {} }, 'metadata.name'],
  ['no metadata', { ...MANIFEST, metadata: undefined }, 'metadata.name'],
  ['no kind', { ...MANIFEST, kind: '' }, 'kind'],
])('refuses %s', (_, source, message) => {
  expect(() => readManifest(source)).toThrow(message);
});

it('refuses a manifest for another namespace than that of the step', () => {
  const manifest = {
    ...MANIFEST,
    metadata: { name: 'a', namespace: 'orders' },
  };
  expect(() => readManifest(manifest, { namespace: 'payments' })).toThrow(
    'for namespace orders, the step for payments',
  );
});
