import { clusterFailureOf } from '../errors/clusterErrors';
import { testAuthority } from './__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from './__testUtils__/certificates';
import { fixedCredential } from './__testUtils__/fixedCredential';
import { TestNameServer } from './__testUtils__/TestNameServer';
import { TestProxy } from './__testUtils__/TestProxy';
import { TestServer, sendJson } from './__testUtils__/TestServer';
import { AddressGuard } from './AddressGuard';
import type { Resolver } from './AddressGuard';
import { KubeAgent } from './KubeAgent';
import { kubeFetch } from './kubeFetch';
import { ProxyTunnel } from './ProxyTunnel';
import type { ProxySettings } from './ProxyTunnel';

// One test waits for the time that a proxy has to answer.
jest.setTimeout(20_000);

const TOKEN = 'planted-token-0123456789';
const PASSWORD = 'planted-password-0123456789';

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

async function startServer(given = certificate): Promise<TestServer> {
  const server = await TestServer.start(given, (_, response) =>
    sendJson(response, { ok: true }),
  );
  stops.push(() => server.stop());
  return server;
}

async function startProxy(
  ...args: Parameters<typeof TestProxy.start>
): Promise<TestProxy> {
  const proxy = await TestProxy.start(...args);
  stops.push(() => proxy.stop());
  return proxy;
}

function agentFor(
  server: string,
  options: ProxySettings & { allow?: string[]; resolve?: Resolver },
): KubeAgent {
  const { allow = ['127.0.0.1/32'], resolve, ...settings } = options;
  const agent = new KubeAgent(
    {
      endpoint: {
        server,
        caData: authority.certificate,
        skipTlsVerify: false,
      },
      credentials: fixedCredential(TOKEN),
    },
    {
      guard: new AddressGuard({ allow, resolve }),
      proxy: new ProxyTunnel(settings),
    },
  );
  stops.push(() => agent.close());
  return agent;
}

async function get(agent: KubeAgent): Promise<unknown> {
  return (await kubeFetch(agent, { path: '/version' })).json();
}

async function failureOf(agent: KubeAgent) {
  try {
    await get(agent);
  } catch (error) {
    return { ...clusterFailureOf(error), message: String(error) };
  }
  throw new Error('The request was answered');
}

describe('a proxy', () => {
  it('is asked for the address that was checked, and sees no credential', async () => {
    const server = await startServer();
    const proxy = await startProxy();
    const names = await TestNameServer.start(() => ['127.0.0.1']);
    stops.push(() => names.stop());
    const agent = agentFor(`https://cluster.test:${server.port}`, {
      url: proxy.url,
      resolve: names.resolver,
    });
    expect(await get(agent)).toEqual({ ok: true });
    expect(proxy.targets).toEqual([`127.0.0.1:${server.port}`]);
    expect(names.questions).toBe(1);
    expect(server.requests[0].headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(proxy.sent.length).toBeGreaterThan(100);
    expect(proxy.sent + JSON.stringify(proxy.headers)).not.toContain(TOKEN);
    expect(agent.certificateExpiresAt).toBeInstanceOf(Date);
  });

  it('is asked for no address that is not allowed', async () => {
    const proxy = await startProxy();
    for (const [server, resolved] of [
      ['https://127.0.0.2:6443', undefined],
      ['https://[::ffff:127.0.0.2]:6443', undefined],
      ['https://cluster.test:6443', '127.0.0.2'],
      ['https://cluster.test:6443', '169.254.169.254'],
    ] as const) {
      const agent = agentFor(server, {
        url: proxy.url,
        resolve: async () => [{ address: resolved ?? '', family: 4 }],
      });
      expect((await failureOf(agent)).cause).toBe('address');
    }
    expect(proxy.connections).toBe(0);
  });

  it('is asked for what a name leads to at each new connection', async () => {
    const server = await TestServer.start(certificate, (_, response) => {
      response.setHeader('connection', 'close');
      sendJson(response, {});
    });
    stops.push(() => server.stop());
    const proxy = await startProxy();
    const names = await TestNameServer.start(question =>
      question === 1 ? ['127.0.0.1'] : ['127.0.0.2'],
    );
    stops.push(() => names.stop());
    const agent = agentFor(`https://cluster.test:${server.port}`, {
      url: proxy.url,
      resolve: names.resolver,
    });
    await get(agent);
    expect((await failureOf(agent)).cause).toBe('address');
    expect(proxy.targets).toHaveLength(1);
  });

  it('cannot put itself in place of the API server', async () => {
    const other = await startServer(
      await authority.sign({ name: 'api', hosts: { dns: ['other.test'] } }),
    );
    const proxy = await startProxy();
    const agent = agentFor(`https://127.0.0.1:${other.port}`, {
      url: proxy.url,
    });
    expect((await failureOf(agent)).cause).toBe('certificate');
    expect(other.requests).toHaveLength(0);
  });

  it('is left out for the ranges that are reached directly', async () => {
    const server = await startServer();
    const proxy = await startProxy();
    const url = `https://127.0.0.1:${server.port}`;
    const settings = { url: proxy.url, direct: ['10.0.0.0/8', '127.0.0.0/8'] };
    expect(await get(agentFor(url, settings))).toEqual({ ok: true });
    expect(proxy.connections).toBe(0);
  });

  it('is used when one address of a host is in no such range', async () => {
    const tunnel = new ProxyTunnel({
      url: 'http://127.0.0.1:1',
      direct: ['10.0.0.0/8', 'fd00::/8'],
    });
    const of = (...addresses: string[]) =>
      tunnel.isFor(addresses.map(address => ({ address, family: 4 })));
    expect(of('10.1.2.3', 'fd00::1', '::ffff:10.0.0.1')).toBe(false);
    expect(of('10.1.2.3', '93.184.216.34')).toBe(true);
  });

  it('gets its own credentials, and only those', async () => {
    const server = await startServer();
    const proxy = await startProxy();
    const agent = agentFor(`https://127.0.0.1:${server.port}`, {
      url: proxy.url,
      credentials: { username: 'portal', password: PASSWORD },
    });
    await get(agent);
    const pair = Buffer.from(`portal:${PASSWORD}`).toString('base64');
    expect(proxy.headers[0]['proxy-authorization']).toBe(`Basic ${pair}`);
    expect(server.requests[0].headers['proxy-authorization']).toBeUndefined();
  });

  it.each([
    [403, /refuses the connection \(PROXY_403\)/],
    [407, /does not accept its user and password/],
    [502, /does not reach the API server/],
    [302, /refuses the connection/],
  ])('that answers %d is told from the API server', async (status, message) => {
    const proxy = await startProxy(() => status);
    const agent = agentFor('https://127.0.0.1:6443', {
      url: proxy.url,
      credentials: { username: 'portal', password: PASSWORD },
    });
    const failure = await failureOf(agent);
    expect(failure.cause).toBe('network');
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain(PASSWORD);
  });

  it('is asked for the next address when it does not reach one, not when it refuses', async () => {
    const server = await startServer();
    const addresses = ['127.0.0.1', '127.0.0.3'];
    const resolve = async () =>
      addresses.map(address => ({ address, family: 4 }));
    for (const [status, targets] of [
      [503, 2],
      [403, 1],
    ] as const) {
      const proxy = await startProxy(target =>
        target.startsWith('127.0.0.3') ? 'open' : status,
      );
      const agent = agentFor(`https://cluster.test:${server.port}`, {
        url: proxy.url,
        allow: ['127.0.0.0/8'],
        resolve,
      });
      // Nothing listens there, so that it shows which way was taken.
      await failureOf(agent);
      expect(proxy.targets).toHaveLength(targets);
    }
  });

  it('is asked for IPv6 addresses in their spelling', async () => {
    const proxy = await startProxy(() => 403);
    const agent = agentFor('https://[fd12::1]', {
      url: proxy.url,
      allow: ['fd12::/16'],
    });
    await failureOf(agent);
    expect(proxy.targets).toEqual(['[fd12::1]:443']);
  });

  it('that is not there is told from the API server', async () => {
    const proxy = await TestProxy.start();
    const { url } = proxy;
    await proxy.stop();
    const failure = await failureOf(agentFor('https://127.0.0.1:1', { url }));
    expect(failure.message).toMatch(/proxy .* cannot be reached/);
  });

  it('is no metadata service, whatever it is called', async () => {
    for (const url of ['http://169.254.169.254', 'http://[fd00:ec2::254]']) {
      const failure = await failureOf(agentFor('https://127.0.0.1:1', { url }));
      expect(failure.message).toMatch(/proxy .* cannot be reached/);
    }
  });

  it('that speaks TLS has to be trusted', async () => {
    const server = await startServer();
    const url = `https://127.0.0.1:${server.port}`;
    const failure = await failureOf(agentFor(url, { url }));
    expect(failure.message).toMatch(/proxy .* cannot be reached/);
    expect(server.requests).toHaveLength(0);
  });

  it('that says nothing holds nobody up who closes the agent', async () => {
    const proxy = await startProxy(() => 'silent');
    const agent = agentFor('https://127.0.0.1:1', { url: proxy.url });
    const failure = failureOf(agent);
    while (proxy.targets.length === 0) {
      await new Promise(resolve => {
        setImmediate(resolve);
      });
    }
    await agent.close();
    expect((await failure).cause).toBe('network');
  });

  it('that says nothing is given up', async () => {
    const proxy = await startProxy(() => 'silent');
    const failure = await failureOf(
      agentFor('https://127.0.0.1:1', { url: proxy.url }),
    );
    expect(failure).toMatchObject({
      cause: 'timeout',
      message: expect.stringMatching(/proxy .* did not answer in time/),
    });
  });

  it('has ranges that can be read', () => {
    expect(
      () => new ProxyTunnel({ url: 'http://a.test', direct: ['10.0.0.0'] }),
    ).toThrow(/k8s\.addresses\.proxy\.direct/);
  });
});
