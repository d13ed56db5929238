/** What becomes of requests and connections when a credential is refused, or renewed. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type { CredentialSource } from '../authentication/CredentialSource';
import {
  credentialError,
  RememberedCredential,
} from '../authentication/RememberedCredential';
import { clusterFailureOf } from '../errors/clusterErrors';
import { AddressGuard } from './AddressGuard';
import { KubeAgent } from './KubeAgent';
import { kubeFetch } from './kubeFetch';
import { kubeSocket } from './kubeSocket';
import { testAuthority } from './__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from './__testUtils__/certificates';
import { TestServer, sendJson } from './__testUtils__/TestServer';

let authority: TestAuthority;
let certificate: TestCertificate;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  authority = await testAuthority();
  certificate = await authority.sign({
    name: 'api',
    hosts: { ip: ['127.0.0.1'] },
  });
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

function agentFor(port: number, credentials: CredentialSource): KubeAgent {
  const agent = new KubeAgent(
    {
      endpoint: {
        server: `https://127.0.0.1:${port}`,
        caData: authority.certificate,
        skipTlsVerify: false,
      },
      credentials,
    },
    { guard: new AddressGuard({ allow: ['127.0.0.1/32'] }) },
  );
  stops.push(() => agent.close());
  return agent;
}

/** A server that accepts one token, which the test changes. */
async function startServer() {
  const accepted = { token: 'token-1' };
  const server = await TestServer.start(certificate, (request, response) => {
    const isKnown =
      request.headers.authorization === `Bearer ${accepted.token}`;
    sendJson(
      response,
      { message: `Hello ${request.headers.authorization}` },
      isKnown ? 200 : 401,
    );
  });
  stops.push(() => server.stop());
  return { accepted, server };
}

/** Tokens that count up with each question. */
function countedTokens() {
  let count = 0;
  const source = new RememberedCredential({
    now: () => Date.now(),
    ask: async () => {
      count += 1;
      return { token: `token-${count}` };
    },
  });
  return { source, asked: () => count };
}

describe('a refused token', () => {
  it('is renewed once, for all who were refused, and the request is made again', async () => {
    const { accepted, server } = await startServer();
    const { source, asked } = countedTokens();
    const agent = agentFor(server.port, source);
    await (await kubeFetch(agent, { path: '/version' })).json();
    accepted.token = 'token-2';
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() =>
        kubeFetch(agent, { method: 'POST', path: '/x', body: { a: 1 } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(asked()).toBe(2);
  });

  it('is a failure where the new one is refused, too, which is not repeated', async () => {
    const { accepted, server } = await startServer();
    const { source, asked } = countedTokens();
    const agent = agentFor(server.port, source);
    accepted.token = 'none';
    for (let request = 0; request < 3; request++) {
      const failure = await kubeFetch(agent, { path: '/version' }).catch(
        error => error,
      );
      expect(clusterFailureOf(failure)).toMatchObject({
        cause: 'forbidden',
        status: 401,
      });
      expect(failure.message).not.toMatch(/token-\d/);
    }
    expect(asked()).toBe(2);
    // Twice the first time, once after that.
    expect(server.requests).toHaveLength(4);
  });

  it('sends nothing where there is none at all', async () => {
    const { server } = await startServer();
    const agent = agentFor(
      server.port,
      new RememberedCredential({
        now: () => Date.now(),
        ask: async () => {
          throw credentialError('The issuer is away');
        },
      }),
    );
    const failure = await kubeFetch(agent, { path: '/version' }).catch(e => e);
    expect(failure.message).toBe('The issuer is away');
    expect(clusterFailureOf(failure)).toEqual({ cause: 'credential' });
    expect(server.connections).toBe(0);
  });

  it('is renewed for WebSockets', async () => {
    const seen: (string | undefined)[] = [];
    const web = createServer({
      cert: certificate.certificate,
      key: certificate.key,
    });
    const sockets = new WebSocketServer({ noServer: true });
    web.on('upgrade', (request: IncomingMessage, socket, head) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization !== 'Bearer token-2') {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, opened => opened.close());
    });
    await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise(resolve => web.close(resolve)));
    const { source } = countedTokens();
    const agent = agentFor((web.address() as AddressInfo).port, source);
    const socket = await kubeSocket(agent, {
      path: '/exec',
      protocols: ['v5.channel.k8s.io'],
    });
    socket.terminate();
    expect(seen).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});

describe('a renewed client certificate', () => {
  it('is shown on new connections; what runs over the old ones comes to its end', async () => {
    const [one, two] = await Promise.all([
      authority.sign({ name: 'one' }),
      authority.sign({ name: 'two' }),
    ]);
    let finish = () => {};
    const server = createServer(
      {
        cert: certificate.certificate,
        key: certificate.key,
        ca: authority.certificate,
        requestCert: true,
      },
      (request, response) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        if (request.url === '/slow') {
          response.write('{"name":');
          finish = () => response.end(`"${subject.CN}"}`);
          return;
        }
        sendJson(response, { name: subject.CN });
      },
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    stops.push(
      () =>
        new Promise(resolve => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    );
    const pair = ({ certificate: cert, key }: TestCertificate) => ({
      clientCertificate: cert,
      clientKey: key,
    });
    let current: ClusterCredential = pair(one);
    const agent = agentFor((server.address() as AddressInfo).port, {
      current: async () => current,
      instead: async () => undefined,
    });
    const nameOf = async (path: string) =>
      (await (await kubeFetch(agent, { path })).json<{ name: string }>()).name;
    expect(await nameOf('/')).toBe('one');
    const slow = await kubeFetch(agent, { path: '/slow' });
    current = pair(two);
    expect(await nameOf('/')).toBe('two');
    finish();
    expect(await slow.json()).toEqual({ name: 'one' });
  });
});
