import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordChanges } from './__fixtures__/recordChanges.ts';
import type { KnownCluster } from './__fixtures__/recordChanges.ts';
import { registerOwnCluster } from './registerOwnCluster.ts';

const SERVER = 'https://127.0.0.1:20000';
const CA = '-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----\n';

/** YAML; the first context is not the current one. */
const kubeconfig = (context: string, server = SERVER) => `
apiVersion: v1
kind: Config
current-context: ${context}
contexts:
- {name: other, context: {cluster: elsewhere, user: me}}
- {name: "${context}", context: {cluster: mine, user: me}}
clusters:
- {name: elsewhere, cluster: {server: "https://elsewhere"}}
- name: mine
  cluster:
    server: ${server}
    certificate-authority-data: ${Buffer.from(CA).toString('base64')}
users:
- {name: me, user: {token: t}}
`;

async function register(content: string, known: KnownCluster[] = []) {
  let said = '';
  const changes = await recordChanges(known, async url => {
    said = await registerOwnCluster(url, content);
  });
  return { said, changes };
}

const REGISTER = 'POST /api/k8s/clusters';

test('is called as its context is', async () => {
  for (const [context, name] of [
    ['dev-eu', 'dev-eu'],
    ['kubernetes-admin@Prod_1', 'kubernetes-admin-prod-1'],
    [`${'x'.repeat(57)}-y`, 'x'.repeat(57)],
    ['"@"', 'my-cluster'],
  ]) {
    const { changes, said } = await register(kubeconfig(context));
    assert.deepEqual(changes, [`${REGISTER} ${name}`]);
    assert.equal(said, `It is registered as ${name}.`);
  }
});

test('is registered as well when another cluster has its name', async () => {
  const other = { server: 'https://other', caData: CA };
  const { changes } = await register(kubeconfig('dev-eu'), [
    { id: '1', name: 'DEV EU', ...other },
    { id: '2', name: 'dev-eu-2', ...other },
  ]);
  assert.deepEqual(changes, [`${REGISTER} dev-eu-3`]);
});

test('is left alone once it is registered, under whatever name and spelling', async () => {
  const { changes, said } = await register(kubeconfig('dev-eu', `${SERVER}/`), [
    { id: '1', name: 'Renamed', server: SERVER, caData: CA.trim() },
  ]);
  assert.deepEqual(changes, []);
  assert.match(said, /already, as Renamed/);
});

test('that was made anew at its address is for the portal to judge', async () => {
  const { changes } = await register(kubeconfig('dev-eu'), [
    { id: '1', name: 'dev-eu', server: SERVER, caData: 'old' },
  ]);
  assert.deepEqual(changes, [`${REGISTER} dev-eu-2`]);
});

test('whose kubeconfig is none is for the portal to refuse', async () => {
  for (const content of ['', 'hello', '{', 'contexts: 1', '[1]']) {
    const { changes } = await register(content);
    assert.deepEqual(changes, [`${REGISTER} my-cluster`], content);
  }
});
