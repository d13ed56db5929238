import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clusterFailureOf } from '../errors/clusterErrors';
import { AddressGuard } from './AddressGuard';
import { KubeAgent } from './KubeAgent';
import { kubeSocket } from './kubeSocket';
import { testAuthority } from './__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from './__testUtils__/certificates';
import { fixedCredential } from './__testUtils__/fixedCredential';

const TOKEN = 'planted-token-0123456789';
const PROTOCOL = 'v5.channel.k8s.io';

let authority: TestAuthority;
let certificate: TestCertificate;
let server: Server;
let requests: IncomingMessage[] = [];
let refusal: { status: number; body?: string; location?: string } | undefined;
let opened: WebSocket[] = [];
const agents: KubeAgent[] = [];

beforeAll(async () => {
  authority = await testAuthority();
  certificate = await authority.sign({
    name: 'api',
    hosts: { dns: [], ip: ['127.0.0.1'] },
  });
});

beforeEach(async () => {
  requests = [];
  opened = [];
  refusal = undefined;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  server = createServer({
    cert: certificate.certificate,
    key: certificate.key,
  });
  server.on('upgrade', (request, socket, head) => {
    requests.push(request);
    if (refusal) {
      const { status, body = '', location } = refusal;
      socket.end(
        `HTTP/1.1 ${status} X\r\n${
          location ? `Location: ${location}\r\n` : ''
        }Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, one => opened.push(one));
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  await Promise.all(agents.splice(0).map(agent => agent.close()));
  await new Promise(resolve => {
    server.close(resolve);
  });
});

function agentFor(
  options: { allow?: string[]; caData?: string; host?: string } = {},
): KubeAgent {
  const { allow = ['127.0.0.1/32'], caData = authority.certificate } = options;
  const { port } = server.address() as AddressInfo;
  const agent = new KubeAgent(
    {
      endpoint: {
        server: `https://${options.host ?? '127.0.0.1'}:${port}`,
        caData,
        skipTlsVerify: false,
      },
      credentials: fixedCredential(TOKEN),
    },
    { guard: new AddressGuard({ allow }) },
  );
  agents.push(agent);
  return agent;
}

const REQUEST = { path: '/api/v1/exec', protocols: [PROTOCOL] };

async function failureOf(agent: KubeAgent, request = REQUEST) {
  try {
    await kubeSocket(agent, request);
  } catch (error) {
    return {
      ...clusterFailureOf(error),
      name: (error as Error).name,
      message: (error as Error).message,
    };
  }
  throw new Error('It was opened');
}

it('connects to no address that is not allowed', async () => {
  expect((await failureOf(agentFor({ allow: [] }))).cause).toBe('address');
  expect(
    (await failureOf(agentFor({ allow: [], host: 'localhost' }))).cause,
  ).toBe('address');
  expect(requests).toHaveLength(0);
});

it('trusts only the CA of the cluster', async () => {
  const other = await testAuthority();
  const failure = await failureOf(agentFor({ caData: other.certificate }));
  expect(failure.cause).toBe('certificate');
  expect(requests).toHaveLength(0);
});

it('follows no redirect', async () => {
  refusal = { status: 302, location: 'https://127.0.0.1:1/' };
  expect((await failureOf(agentFor())).cause).toBe('redirect');
  expect(requests).toHaveLength(1);
});

it('says why the API server refuses, without our token', async () => {
  refusal = {
    status: 404,
    body: JSON.stringify({ message: `pods "x" not found ${TOKEN}` }),
  };
  const failure = await failureOf(agentFor());
  expect(failure).toMatchObject({ name: 'NotFoundError', status: 404 });
  expect(failure.message).toContain('pods "x" not found');
  expect(failure.message).not.toContain(TOKEN);
});

it('builds no path that leads elsewhere', async () => {
  const failure = await failureOf(agentFor(), {
    ...REQUEST,
    path: '/api/../exec',
  });
  expect(failure.name).toBe('InputError');
  expect(requests).toHaveLength(0);
});

it('gives up on a server that takes none of the protocols', async () => {
  const failure = await failureOf(agentFor(), {
    ...REQUEST,
    protocols: ['other'],
  });
  expect(failure.name).toBe('ServiceUnavailableError');
});

it('does not wait for what was given up', async () => {
  const signal = AbortSignal.abort(new Error('gone'));
  await expect(kubeSocket(agentFor(), { ...REQUEST, signal })).rejects.toThrow(
    'gone',
  );
  expect(requests).toHaveLength(0);
});

it('opens a WebSocket with our credential, and ends it with the connection', async () => {
  const agent = agentFor();
  const socket = await kubeSocket(agent, {
    ...REQUEST,
    query: { command: ['sh', '-c', 'a b&c'], tty: true },
  });
  expect(socket.protocol).toBe(PROTOCOL);
  const [{ url, headers }] = requests;
  const query = new URL(url ?? '', 'https://x').searchParams;
  expect(query.getAll('command')).toEqual(['sh', '-c', 'a b&c']);
  expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
  expect(headers.origin).toBeUndefined();
  const closed = new Promise(resolve => {
    socket.once('close', resolve);
  });
  await agent.close();
  await closed;
});
