import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { SuiteClusters } from './SuiteClusters';

const OPEN = { 'backstage-k8s.io/kubernetes-plugin': 'enabled' };

let server: Server;
let status: number;
const tokens: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    const cluster = (id: string, labels: object) => ({
      ...{ id, labels, name: `The ${id}`, status: 'healthy', protected: false },
      ...{ createdAt: '2026-01-01T00:00:00Z' },
      entityRef: `resource:default/the-${id}`,
    });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        clusters: [
          cluster('one', OPEN),
          cluster('two', {}),
          cluster('three', {
            ...OPEN,
            'backstage-k8s.io/kubernetes-plugin': '',
          }),
        ],
      }),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise(resolve => server.close(resolve)));

beforeEach(() => {
  status = 200;
  tokens.length = 0;
});

function setUp() {
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/api/k8s`;
  const auth = mockServices.auth.mock();
  auth.isPrincipal.mockImplementation(mockServices.auth().isPrincipal);
  auth.getPluginRequestToken.mockImplementation(
    async ({ onBehalfOf, targetPluginId }) => ({
      token: `${targetPluginId} for ${JSON.stringify(onBehalfOf.principal)}`,
    }),
  );
  const discovery = mockServices.discovery.mock({
    getBaseUrl: async () => baseUrl,
  });
  return { clusters: new SuiteClusters({ auth, discovery }), baseUrl };
}

const jane = mockCredentials.user('user:default/jane');
const john = mockCredentials.user('user:default/john');

it('supplies the clusters that are open, at the proxy, without a credential', async () => {
  const { clusters, baseUrl } = setUp();
  const found = await clusters.getClusters({ credentials: jane });
  expect(found).toEqual([
    {
      name: 'the-one',
      title: 'The one',
      url: `${baseUrl}/clusters/one/proxy`,
      authMetadata: {
        'kubernetes.io/auth-provider': 'googleServiceAccount',
      },
      skipMetricsLookup: true,
    },
  ]);
  expect(tokens).toHaveLength(1);
  expect(tokens[0]).toMatch(/^Bearer k8s for .*user:default\/jane/);
});

it('signs in as the user who asked, each as themselves', async () => {
  const { clusters } = setUp();
  const [ofJane] = await clusters.getClusters({ credentials: jane });
  const [ofJohn] = await clusters.getClusters({ credentials: john });
  expect(await clusters.getCredential(ofJane)).toMatchObject({
    type: 'bearer token',
    token: expect.stringMatching(/jane/),
  });
  expect(await clusters.getCredential(ofJohn)).toMatchObject({
    token: expect.stringMatching(/john/),
  });
});

it('signs in to nothing that nobody asked for, a copy among it', async () => {
  const { clusters } = setUp();
  const [details] = await clusters.getClusters({ credentials: jane });
  await expect(clusters.getCredential({ ...details })).rejects.toThrow(
    NotAllowedError,
  );
});

it('has no clusters for services and for nobody, and asks nothing', async () => {
  const { clusters } = setUp();
  for (const credentials of [
    mockCredentials.service('plugin:kubernetes'),
    mockCredentials.none(),
  ]) {
    expect(await clusters.getClusters({ credentials })).toEqual([]);
  }
  expect(tokens).toEqual([]);
});

it('fails where the suite does not answer', async () => {
  const { clusters } = setUp();
  status = 503;
  await expect(clusters.getClusters({ credentials: jane })).rejects.toThrow(
    /cannot be had \(503\)/,
  );
});

it('tells nothing of how it signs in', () => {
  const { clusters } = setUp();
  expect(clusters.presentAuthMetadata({ secret: 'x' })).toEqual({});
  expect(clusters.validateCluster({})).toEqual([]);
});
