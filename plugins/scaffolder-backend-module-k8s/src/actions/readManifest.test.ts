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

it.each([
  ['a: "marker', 'not valid YAML: MISSING_CHAR at line 3, column 13'],
  ['a: "b" marker', 'UNEXPECTED_TOKEN at line 3, column 10'],
  ['a: |x marker', 'UNEXPECTED_TOKEN at line 3, column 7'],
  ['a: *marker', 'alias that stands for nothing'],
])('says where YAML is broken, and nothing of it: %s', (line, problem) => {
  const read = () => readManifest(`kind: Secret\nstringData:\n  ${line}`);
  expect(read).toThrow(problem);
  expect(read).not.toThrow('marker');
});
