import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CLUSTERS } from './clusterTable.ts';
import type { DevelopmentCluster } from './DevelopmentCluster.ts';
import { registerDevelopmentCluster } from './registerDevelopmentCluster.ts';

const SERVER = 'https://127.0.0.1:20000';
const CA = '-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----\n';

const cluster = {
  ...{ name: 'dev-eu', row: CLUSTERS[0], server: SERVER },
  ...{ certificateAuthority: CA, kubeconfig: async () => 'a kubeconfig' },
} as unknown as DevelopmentCluster;

interface Known {
  id: string;
  name: string;
  server: string;
  caData: string;
}

/** Registers with a portal that knows these clusters. @returns the changes that the portal was asked for */
async function register(known: Known[]): Promise<string[]> {
  const changes: string[] = [];
  const portal = createServer((request, response) => {
    const { method = '', url = '' } = request;
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      if (url.startsWith('/api/auth')) {
        response.end('{"backstageIdentity":{"token":"a token"}}');
        return;
      }
      if (method !== 'GET') {
        const name = body && JSON.parse(body).name;
        changes.push([method, url, name].filter(Boolean).join(' '));
      }
      const id = url.split('/')[4];
      const answer = id
        ? known.find(one => one.id === id) ?? {}
        : {
            clusters: known.map(({ name, id: ofOne }) => ({ name, id: ofOne })),
          };
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(portal, 'listening');
  const { port } = portal.address() as AddressInfo;
  try {
    await registerDevelopmentCluster(`http://127.0.0.1:${port}`, cluster);
  } finally {
    portal.close();
  }
  return changes;
}

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

test("the user's own cluster of the same name stays", async () => {
  const known = { id: '1', name: 'dev-eu', server: 'https://x', caData: CA };
  assert.deepEqual(await register([known]), []);
});
