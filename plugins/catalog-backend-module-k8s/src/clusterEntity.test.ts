import { entityEnvelopeSchemaValidator } from '@backstage/catalog-model';
import { clusterEntity } from './clusterEntity';
import type { CatalogCluster } from './clusterEntity';

const cluster = (overrides: Partial<CatalogCluster> = {}): CatalogCluster => ({
  id: '0190f2c8-0000-7000-8000-000000000001',
  name: 'Production EU 1',
  status: 'healthy',
  labels: { environment: 'production' },
  protected: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  entityRef: 'resource:default/production-eu',
  owner: 'group:default/platform',
  ...overrides,
});

const entityOf = (overrides?: Partial<CatalogCluster>) =>
  clusterEntity(cluster(overrides), { defaultOwner: 'unknown' });

it('has the id, the name that stays, the title and the owner', () => {
  expect(entityOf()).toEqual({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: 'production-eu',
      namespace: 'default',
      title: 'Production EU 1',
      labels: { environment: 'production' },
      annotations: {
        'backstage.io/managed-by-location':
          'k8s:0190f2c8-0000-7000-8000-000000000001',
        'backstage.io/managed-by-origin-location':
          'k8s:0190f2c8-0000-7000-8000-000000000001',
        'backstage-k8s.io/cluster-id': '0190f2c8-0000-7000-8000-000000000001',
        'backstage-k8s.io/cluster-owner': 'group:default/platform',
      },
    },
    spec: { type: 'kubernetes-cluster', owner: 'group:default/platform' },
  });
});

it('belongs to the default owner when nobody owns the cluster', () => {
  const { metadata, spec } = entityOf({ owner: undefined });
  expect(spec.owner).toBe('unknown');
  // Who owns the entity by default does not own the cluster.
  expect(metadata.annotations).not.toHaveProperty([
    'backstage-k8s.io/cluster-owner',
  ]);
});

it('is called by the name of the cluster when the registry does not say', () => {
  const { metadata } = entityOf({ entityRef: undefined });
  expect(metadata.name).toBe('production-eu-1');
});

it('shows address and CA only when they are given', () => {
  const annotations = entityOf({
    server: 'https://10.0.0.1:6443',
    caData: '-----BEGIN CERTIFICATE-----\n',
  }).metadata.annotations;
  expect(annotations).toMatchObject({
    'backstage-k8s.io/api-server': 'https://10.0.0.1:6443',
    'backstage-k8s.io/api-server-ca':
      'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==',
  });
  const without = Object.keys(entityOf().metadata.annotations ?? {});
  expect(without.filter(key => key.includes('api-server'))).toEqual([]);
});

it.each<[string, Record<string, string>]>([
  ['a space in the value', { team: 'a b' }],
  ['a value of 64 characters', { team: 'x'.repeat(64) }],
  ['a value that ends in a dash', { team: 'a-' }],
  ['a space in the key', { 'my team': 'a' }],
  ['a key with two slashes', { 'a/b/c': 'a' }],
  ['an empty key', { '': 'a' }],
])('leaves out a label with %s and is still valid', (_, labels) => {
  const entity = entityOf({
    labels: { ...labels, region: 'eu' },
  });
  expect(entity.metadata.labels).toEqual({ region: 'eu' });
  expect(() => entityEnvelopeSchemaValidator()(entity)).not.toThrow();
});

it.each<Record<string, string>>([
  { 'topology.kubernetes.io/region': 'eu-central-1' },
  { empty: '' },
  { 'Upper.Case_1': 'V1.2_3' },
])('keeps the label %j', labels => {
  const entity = entityOf({ labels });
  expect(entity.metadata.labels).toEqual(labels);
  expect(() => entityEnvelopeSchemaValidator()(entity)).not.toThrow();
});
