import type { RegisteredCluster } from '../clusters/ClusterStore';
import { clusterFailureOf } from '../errors/clusterErrors';
import { checkCluster } from '../health/checkCluster';
import { AddressGuard } from './AddressGuard';
import type { ClusterChange } from './ClusterConnection';
import { DefaultClusterConnections } from './DefaultClusterConnections';
import type { AccessSource } from './DefaultClusterConnections';
import { testAuthority } from './__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from './__testUtils__/certificates';
import { fixedCredential } from './__testUtils__/fixedCredential';
import { TestNameServer } from './__testUtils__/TestNameServer';
import { TestServer, sendJson } from './__testUtils__/TestServer';

let authority: TestAuthority;
let certificate: TestCertificate;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  authority = await testAuthority();
  certificate = await authority.sign({
    name: 'api',
    hosts: { dns: ['cluster.test'], ip: ['127.0.0.1'] },
  });
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

/** The connections over clusters that the test changes by hand. */
function setUp(guard = new AddressGuard({ allow: ['127.0.0.1/32'] })) {
  const clusters = new Map<
    string,
    { cluster: RegisteredCluster; token: string }
  >();
  const listeners = new Set<(change: ClusterChange) => void>();
  const store = {
    get: async (id: string) => clusters.get(id)?.cluster,
    generation: (id: string) => clusters.get(id)?.cluster.generation,
    access: (id: string) => ({
      cluster: clusters.get(id)?.cluster,
      credentials: fixedCredential(clusters.get(id)?.token ?? ''),
    }),
    onChange: (listener: (change: ClusterChange) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as AccessSource;
  const connections = new DefaultClusterConnections({
    store,
    network: { guard },
    onWarning: () => {},
  });
  stops.push(() => connections.close());
  const put = (id: string, server: string, generation: number) => {
    const endpoint = {
      server,
      caData: authority.certificate,
      skipTlsVerify: false,
    };
    clusters.set(id, {
      cluster: { id, generation, endpoint } as RegisteredCluster,
      token: `token-of-${id}-${generation}`,
    });
    listeners.forEach(tell => tell({ cluster: id, action: 'upserted' }));
  };
  const remove = (id: string) => {
    clusters.delete(id);
    listeners.forEach(tell => tell({ cluster: id, action: 'removed' }));
  };
  return { connections, put, remove };
}

async function startServer(
  answer: Parameters<typeof TestServer.start>[1] = (_, response) =>
    sendJson(response, {}),
  at?: { host?: string; port?: number },
) {
  const server = await TestServer.start(certificate, answer, at);
  stops.push(() => server.stop());
  return server;
}

const GET = { path: '/version' };

describe('DefaultClusterConnections', () => {
  it('keeps a connection while its cluster stays what it is', async () => {
    const { connections, put } = setUp();
    const { port } = await startServer();
    put('one', `https://127.0.0.1:${port}`, 1);
    const first = await connections.get('one');
    put('one', `https://127.0.0.1:${port}`, 1);
    expect(await connections.get('one')).toBe(first);
  });

  it('ends what runs over an older generation, and uses the new credential', async () => {
    const { connections, put } = setUp();
    const server = await startServer((request, response) => {
      // What the old generation asks stays open.
      if (request.headers.authorization === 'Bearer token-of-one-2') {
        sendJson(response, {});
      }
    });
    put('one', `https://127.0.0.1:${server.port}`, 1);
    const old = await connections.get('one');
    const pending = old.request(GET).catch(error => error);
    while (server.requests.length === 0) {
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
    put('one', `https://127.0.0.1:${server.port}`, 2);
    expect(clusterFailureOf(await pending)?.cause).toBe('network');
    const fresh = await connections.get('one');
    expect(fresh.generation).toBe(2);
    expect((await fresh.request(GET)).status).toBe(200);
  });

  it('uses nothing of a removed cluster for the one that follows it', async () => {
    const { connections, put, remove } = setUp();
    const server = await startServer();
    put('old', 'https://127.0.0.1:1', 1);
    const old = await connections.get('old');
    for (let n = 0; n < 3; n++) {
      await expect(old.request(GET)).rejects.toThrow(/Nothing listens/);
    }
    expect(old.state().circuit).toBe('open');
    remove('old');
    put('new', `https://127.0.0.1:${server.port}`, 1);
    const fresh = await connections.get('new');
    expect(fresh.state().circuit).toBe('closed');
    await (await fresh.request(GET)).json();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      ['Bearer token-of-new-1'],
    );
  });

  it('tells when a cluster stops answering', async () => {
    const { connections, put } = setUp();
    const heard: string[] = [];
    connections.onCircuit(id => heard.push(id));
    put('one', 'https://127.0.0.1:1', 1);
    const connection = await connections.get('one');
    for (let n = 0; n < 5; n++) {
      await connection.request(GET).catch(() => undefined);
    }
    expect(heard).toEqual(['one']);
  });

  it('sends no health probe where a name server leads it later', async () => {
    const allowed = await startServer((_, response) => {
      response.setHeader('connection', 'close');
      sendJson(response, {});
    });
    const forbidden = await startServer(undefined, {
      host: '127.0.0.2',
      port: allowed.port,
    });
    let address = '127.0.0.1';
    const names = await TestNameServer.start(() => [address]);
    stops.push(() => names.stop());
    const { connections, put } = setUp(
      new AddressGuard({ allow: ['127.0.0.1/32'], resolve: names.resolver }),
    );
    put('one', `https://cluster.test:${allowed.port}`, 1);
    const connection = await connections.get('one');
    await (await connection.request(GET)).json();
    address = '127.0.0.2';
    const { status, components } = await checkCluster(connection, {
      signal: new AbortController().signal,
      now: new Date(),
    });
    expect(status).toBe('unreachable');
    expect(components.find(({ name }) => name === 'connection')).toMatchObject({
      status: 'unhealthy',
      message: expect.stringMatching(/not allowed here/),
    });
    expect(forbidden.connections).toBe(0);
  });
});
