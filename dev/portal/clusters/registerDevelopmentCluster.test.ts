import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordChanges } from '../__fixtures__/recordChanges.ts';
import type { KnownCluster } from '../__fixtures__/recordChanges.ts';
import { CLUSTERS } from './clusterTable.ts';
import type { DevelopmentCluster } from './DevelopmentCluster.ts';
import { registerDevelopmentCluster } from './registerDevelopmentCluster.ts';

const SERVER = 'https://127.0.0.1:20000';
const CA = '-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----\n';

const cluster = {
  ...{ name: 'dev-eu', row: CLUSTERS[0], server: SERVER },
  ...{ certificateAuthority: CA, kubeconfig: async () => 'a kubeconfig' },
} as unknown as DevelopmentCluster;

const register = (known: KnownCluster[]) =>
  recordChanges(known, url => registerDevelopmentCluster(url, cluster));

const REGISTER = 'POST /api/k8s/clusters dev-eu';

test('a new cluster is registered', async () => {
  assert.deepEqual(await register([]), [REGISTER]);
});

test('a registered one is left alone, also under another name', async () => {
  const known = { id: '1', server: SERVER, caData: CA.trim() };
  assert.deepEqual(await register([{ ...known, name: 'dev-eu' }]), []);
  assert.deepEqual(await register([{ ...known, name: 'renamed' }]), []);
});

test('the registration of a cluster that was made anew is replaced', async () => {
  const known = { id: '1', name: 'dev-eu', server: SERVER, caData: 'old' };
  assert.deepEqual(await register([known]), [
    'DELETE /api/k8s/clusters/1?confirm=true',
    REGISTER,
  ]);
});

test("the user's own cluster of the same name stays, and the new one gets another", async () => {
  const known = { id: '1', name: 'dev-eu', server: 'https://x', caData: CA };
  assert.deepEqual(await register([known]), [`${REGISTER}-2`]);
});
