import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { clusterFailureOf } from '../errors/clusterErrors';
import { AddressGuard } from './AddressGuard';
import type { Resolver } from './AddressGuard';
import type { KubeRequest } from './ClusterConnection';
import { KubeAgent } from './KubeAgent';
import { kubeFetch } from './kubeFetch';
import { selfSigned, testAuthority } from './__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from './__testUtils__/certificates';
import { fixedCredential } from './__testUtils__/fixedCredential';
import { TestNameServer } from './__testUtils__/TestNameServer';
import { TestServer, sendJson } from './__testUtils__/TestServer';

const LOOPBACK = ['127.0.0.1/32'];
const TOKEN = 'planted-token-0123456789';

let authority: TestAuthority;
let certificate: TestCertificate;
const GET: KubeRequest = { path: '/version' };
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

async function startServer(
  ...[answer, given = certificate, at]: [
    Parameters<typeof TestServer.start>[1]?,
    TestCertificate?,
    { host?: string; port?: number }?,
  ]
): Promise<TestServer> {
  const server = await TestServer.start(
    given,
    answer ?? ((_, response) => sendJson(response, { ok: true })),
    at,
  );
  stops.push(() => server.stop());
  return server;
}

function agentFor(
  server: string,
  options: {
    allow?: string[];
    resolve?: Resolver;
    caData?: string;
    tlsServerName?: string;
    skipTlsVerify?: boolean;
  } = {},
): KubeAgent {
  const { allow = LOOPBACK, resolve, tlsServerName } = options;
  const agent = new KubeAgent(
    {
      endpoint: {
        server,
        caData: 'caData' in options ? options.caData : authority.certificate,
        tlsServerName,
        skipTlsVerify: options.skipTlsVerify ?? false,
      },
      credentials: fixedCredential(TOKEN),
    },
    { guard: new AddressGuard({ allow, resolve }) },
  );
  stops.push(() => agent.close());
  return agent;
}

async function failureOf(agent: KubeAgent, request: KubeRequest = GET) {
  try {
    await kubeFetch(agent, request);
  } catch (error) {
    return { ...clusterFailureOf(error), message: String(error) };
  }
  throw new Error('The request was answered');
}

describe('addresses', () => {
  it('connects to the address that was checked', async () => {
    const server = await startServer();
    const names = await TestNameServer.start(() => ['127.0.0.1']);
    stops.push(() => names.stop());
    const agent = agentFor(`https://cluster.test:${server.port}`, {
      resolve: names.resolver,
    });
    const response = await kubeFetch(agent, GET);
    expect(await response.json()).toEqual({ ok: true });
    expect(names.questions).toBe(1);
  });

  it('sends nothing where a name server leads it between check and connect', async () => {
    const forbidden = await startServer(undefined, certificate, {
      host: '127.0.0.2',
    });
    // As registration sees it the name is harmless; when the connection is made it is not.
    const names = await TestNameServer.start(question =>
      question === 1 ? ['127.0.0.1'] : ['127.0.0.2'],
    );
    stops.push(() => names.stop());
    const guard = new AddressGuard({
      allow: LOOPBACK,
      resolve: names.resolver,
    });
    await guard.addresses('cluster.test');
    const agent = agentFor(`https://cluster.test:${forbidden.port}`, {
      resolve: names.resolver,
    });
    expect((await failureOf(agent)).cause).toBe('address');
    expect(names.questions).toBe(2);
    expect(forbidden.connections).toBe(0);
  });

  it('checks again at each new connection', async () => {
    const allowed = await startServer((_, response) => {
      response.setHeader('connection', 'close');
      sendJson(response, {});
    });
    const forbidden = await startServer(undefined, certificate, {
      host: '127.0.0.2',
      port: allowed.port,
    });
    const names = await TestNameServer.start(question =>
      question === 1 ? ['127.0.0.1'] : ['127.0.0.2'],
    );
    stops.push(() => names.stop());
    const agent = agentFor(`https://cluster.test:${allowed.port}`, {
      resolve: names.resolver,
    });
    await (await kubeFetch(agent, GET)).json();
    expect((await failureOf(agent)).cause).toBe('address');
    expect(allowed.requests).toHaveLength(1);
    expect(forbidden.connections).toBe(0);
  });

  it('refuses a name when one of several addresses is not allowed', async () => {
    const server = await startServer();
    const names = await TestNameServer.start(() => ['127.0.0.1', '10.0.0.1']);
    stops.push(() => names.stop());
    const agent = agentFor(`https://cluster.test:${server.port}`, {
      resolve: names.resolver,
    });
    expect((await failureOf(agent)).cause).toBe('address');
    expect(server.connections).toBe(0);
  });

  it.each(['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', 'localhost'])(
    'sends nothing to %s where loopback is not allowed',
    async host => {
      const server = await startServer();
      const agent = agentFor(`https://${host}:${server.port}`, { allow: [] });
      expect((await failureOf(agent)).cause).toBe('address');
      expect(server.connections).toBe(0);
    },
  );

  it('does not follow a redirect', async () => {
    const second = await startServer();
    const first = await startServer((_, response) => {
      response.writeHead(307, {
        location: `https://127.0.0.1:${second.port}/version`,
      });
      response.end();
    });
    const agent = agentFor(`https://127.0.0.1:${first.port}`);
    const failure = await failureOf(agent);
    expect(failure.cause).toBe('redirect');
    expect(failure.message).toMatch(/redirects/);
    expect(second.connections).toBe(0);
  });

  it('ignores the proxies of the environment', async () => {
    const proxy = await startServer();
    const server = await startServer();
    const before = process.env.HTTPS_PROXY;
    process.env.HTTPS_PROXY = `https://127.0.0.1:${proxy.port}`;
    try {
      const agent = agentFor(`https://127.0.0.1:${server.port}`);
      await (await kubeFetch(agent, GET)).json();
    } finally {
      if (before === undefined) delete process.env.HTTPS_PROXY;
      else process.env.HTTPS_PROXY = before;
    }
    expect(proxy.connections).toBe(0);
  });
});

describe('TLS', () => {
  const cases: [
    what: string,
    code: string,
    make: () => Promise<TestCertificate>,
  ][] = [
    [
      'an unknown CA',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      async () =>
        (await testAuthority('other')).sign({
          name: 'api',
          hosts: { ip: ['127.0.0.1'] },
        }),
    ],
    [
      'an expired certificate',
      'CERT_HAS_EXPIRED',
      () =>
        authority.sign({
          name: 'api',
          hosts: { ip: ['127.0.0.1'] },
          days: -1,
        }),
    ],
    [
      'another host',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      () => authority.sign({ name: 'api', hosts: { dns: ['other.test'] } }),
    ],
    [
      'a self-signed certificate',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      () => selfSigned({ name: 'api', hosts: { ip: ['127.0.0.1'] } }),
    ],
  ];

  it.each(cases)('refuses %s and sends no token', async (_, code, make) => {
    const server = await startServer(undefined, await make());
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    expect(await failureOf(agent)).toMatchObject({
      cause: 'certificate',
      code,
    });
    expect(server.requests).toHaveLength(0);
  });

  it("does not trust one cluster's CA for another", async () => {
    const server = await startServer();
    const other = await testAuthority('other');
    const right = agentFor(`https://127.0.0.1:${server.port}`);
    await (await kubeFetch(right, GET)).json();
    const wrong = agentFor(`https://127.0.0.1:${server.port}`, {
      caData: other.certificate,
    });
    expect((await failureOf(wrong)).cause).toBe('certificate');
  });

  it('checks the name that was registered instead of the host', async () => {
    const named = await authority.sign({
      name: 'api',
      hosts: { dns: ['inside.test'] },
    });
    const server = await startServer(undefined, named);
    const agent = agentFor(`https://127.0.0.1:${server.port}`, {
      tlsServerName: 'inside.test',
    });
    expect((await kubeFetch(agent, GET)).status).toBe(200);
  });

  it('skips the check only where that is stored, and knows when the certificate ends', async () => {
    const own = await selfSigned({ name: 'api', days: 30 });
    const server = await startServer(undefined, own);
    const agent = agentFor(`https://127.0.0.1:${server.port}`, {
      caData: undefined,
      skipTlsVerify: true,
    });
    await (await kubeFetch(agent, GET)).json();
    const days =
      ((agent.certificateExpiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  it('speaks no plain http', () => {
    expect(() => agentFor('http://127.0.0.1:1')).toThrow(/https only/);
  });
});

describe('requests', () => {
  it('sends our headers only', async () => {
    const server = await startServer();
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    await (
      await kubeFetch(agent, {
        method: 'PATCH',
        path: '/api/v1/namespaces/one',
        query: { exclude: ['a', 'b'], dryRun: undefined, force: true },
        body: { metadata: {} },
        contentType: 'application/merge-patch+json',
      })
    ).json();
    const [request] = server.requests;
    expect(request.url).toBe(
      '/api/v1/namespaces/one?exclude=a&exclude=b&force=true',
    );
    expect(Object.keys(request.headers).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
    expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(request.headers['content-type']).toBe(
      'application/merge-patch+json',
    );
  });

  it('keeps the path of a server that has one', async () => {
    const server = await startServer();
    const agent = agentFor(`https://127.0.0.1:${server.port}/k8s/clusters/c1`);
    await (await kubeFetch(agent, GET)).json();
    expect(server.requests[0].url).toBe('/k8s/clusters/c1/version');
  });

  it.each([
    'version',
    '/api/../secret',
    '/api/./x',
    '/api/%2e%2e/x',
    '/api/a%2Fb',
    '/api/a\\b',
    '/api?x=1',
    '/api#x',
    '/api/a b',
    '/api/a\r\nhost: x',
  ])('builds no URL from the path %j', async path => {
    const server = await startServer();
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    await expect(kubeFetch(agent, { path })).rejects.toThrow(/part of a path/);
    expect(server.connections).toBe(0);
  });

  it('does not repeat our token when the server echoes it', async () => {
    const server = await startServer((request, response) =>
      sendJson(
        response,
        { message: `denied: ${request.headers.authorization}` },
        400,
      ),
    );
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const { message } = await failureOf(agent);
    expect(message).toMatch(/denied/);
    expect(message).not.toContain(TOKEN);
  });

  it('gives up a server that accepts connections and says nothing', async () => {
    const silent: Server = createServer(socket => socket.resume());
    await new Promise<void>(resolve => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    stops.push(
      () =>
        new Promise(resolve => {
          silent.close(resolve);
        }),
    );
    const { port } = silent.address() as { port: number };
    const agent = agentFor(`https://127.0.0.1:${port}`);
    const failure = await failureOf(agent, { ...GET, timeoutMs: 100 });
    expect(failure.cause).toBe('timeout');
    await agent.close();
  });

  it('gives up a body that stops arriving', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200);
      response.write('{"kind":');
    });
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const response = await kubeFetch(agent, GET);
    const read: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of response.body({ idleTimeoutMs: 100 })) {
        read.push(piece);
      }
    })();
    await expect(reading).rejects.toThrow(/did not answer in time/);
    expect(Buffer.concat(read).toString()).toBe('{"kind":');
  });

  it('refuses an answer that is larger than is read as one', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200);
      response.end('x'.repeat(1024 * 1024 + 1));
    });
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const response = await kubeFetch(agent, GET);
    await expect(response.text()).rejects.toThrow(/larger than 1 MiB/);
  });

  it('says that an answer is not JSON, without the answer', async () => {
    const server = await startServer((_, response) => {
      response.end('<html>planted</html>');
    });
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const response = await kubeFetch(agent, GET);
    await expect(response.json()).rejects.toThrow(/^(?!.*planted).*not JSON/);
  });

  it("ends with the caller's reason when the caller goes away", async () => {
    const server = await startServer(() => {});
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const caller = new AbortController();
    const pending = kubeFetch(agent, { ...GET, signal: caller.signal });
    caller.abort(new Error('The caller went away'));
    await expect(pending).rejects.toThrow('The caller went away');
  });

  it('leaves nothing behind with a caller that lives on', async () => {
    const server = await startServer();
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const { signal } = new AbortController();
    const added = jest.spyOn(AbortSignal.prototype, 'addEventListener');
    const removed = jest.spyOn(AbortSignal.prototype, 'removeEventListener');
    try {
      for (let count = 0; count < 3; count += 1) {
        const answer = await kubeFetch(agent, { ...GET, signal });
        await answer.json();
      }
      expect(added).toHaveBeenCalled();
      const left = added.mock.calls.filter(
        ([, listener]) =>
          !removed.mock.calls.some(([, gone]) => gone === listener),
      );
      expect(left).toEqual([]);
    } finally {
      added.mockRestore();
      removed.mockRestore();
    }
  });

  it('answers while more watches are open than requests have connections', async () => {
    const WATCHES = 100;
    const server = await startServer(({ url }, response) => {
      if (url?.includes('watch=true')) response.flushHeaders();
      else sendJson(response, { ok: true });
    });
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const watches = Array.from({ length: WATCHES }, () =>
      kubeFetch(agent, { ...GET, query: { watch: true }, use: 'watches' }),
    );
    await Promise.all(watches);
    expect(server.connections).toBe(WATCHES);
    const answer = await kubeFetch(agent, GET);
    expect(await answer.json()).toEqual({ ok: true });
  });

  it('ends what is under way when the agent is closed', async () => {
    const server = await startServer(() => {});
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const pending = failureOf(agent);
    while (server.requests.length === 0) {
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
    await agent.close();
    expect(await pending).toMatchObject({
      cause: 'network',
      message: expect.stringMatching(/changed or removed meanwhile/),
    });
  });
});
