import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotAllowedError } from '@backstage/errors';
import type { ClusterAuthenticationStrategy } from '@backstage-k8s/plugin-k8s-node';
import { ownAuthentications } from '../../authentication/__testUtils__/ownAuthentications';
import type { ClusterAuthentications } from '../../authentication/ClusterAuthentications';
import { AddressGuard } from '../../connection/AddressGuard';
import {
  selfSigned,
  testAuthority,
} from '../../connection/__testUtils__/certificates';
import type {
  TestAuthority,
  TestCertificate,
} from '../../connection/__testUtils__/certificates';
import { TestNameServer } from '../../connection/__testUtils__/TestNameServer';
import {
  TestServer,
  sendJson,
} from '../../connection/__testUtils__/TestServer';
import { readClusterAccess } from '../readClusterAccess';
import type { GivenAccess } from '../readClusterAccess';
import { ClusterChecker } from './ClusterChecker';

const TOKEN = 'planted-token-0123456789';
const LOOPBACK = ['127.0.0.1/32'];

/** How the canned API server differs from one where all is well. */
interface Canned {
  version?: string;
  /** Status of whatever is asked. */
  status?: number;
  user?: string;
  /** Answer to who we are; 404 below Kubernetes 1.28. */
  reviewStatus?: number;
  /** Rights that are missing, as `verb resource`. */
  missing?: string[];
  namespaceStatus?: number;
}

function cannedAnswer(canned: Canned) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { url = '' } = request;
    if (canned.status) {
      sendJson(response, { message: `echo ${TOKEN}` }, canned.status);
    } else if (url === '/version') {
      sendJson(response, { gitVersion: canned.version ?? 'v1.37.2' });
    } else if (url.endsWith('/selfsubjectreviews')) {
      const userInfo = { username: canned.user ?? 'portal' };
      sendJson(response, { status: { userInfo } }, canned.reviewStatus ?? 201);
    } else if (url.endsWith('/selfsubjectaccessreviews')) {
      const { verb, resource } = JSON.parse(text).spec.resourceAttributes;
      const allowed = !canned.missing?.includes(`${verb} ${resource}`);
      sendJson(response, { status: { allowed } }, 201);
    } else if (url === '/api/v1/namespaces/kube-system') {
      sendJson(
        response,
        { metadata: { uid: 'the-uid' } },
        canned.namespaceStatus ?? 200,
      );
    } else {
      sendJson(response, {}, 404);
    }
  };
}

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

async function startServer(canned: Canned = {}, own = certificate) {
  const server = await TestServer.start(own, cannedAnswer(canned));
  stops.push(() => server.stop());
  return server;
}

async function check(
  server: TestServer,
  {
    host = '127.0.0.1',
    guard = new AddressGuard({ allow: LOOPBACK }),
    authentications = ownAuthentications(),
    ...given
  }: GivenAccess & {
    host?: string;
    guard?: AddressGuard;
    authentications?: ClusterAuthentications;
  } = {},
) {
  const checker = new ClusterChecker({ network: { guard }, authentications });
  return checker.check(
    () =>
      readClusterAccess(
        {
          server: `https://${host}:${server.port}`,
          token: given.authentication ? undefined : TOKEN,
          caData: authority.certificate,
          ...given,
        },
        authentications,
      ),
    { signal: new AbortController().signal },
  );
}

type Outcome = Awaited<ReturnType<typeof check>>;

function expectFailure(outcome: Outcome, step: string, message: RegExp) {
  const { ok, steps } = outcome.check;
  expect(ok).toBe(false);
  expect(outcome.cluster).toBeUndefined();
  const failed = steps.filter(each => each.outcome === 'failed');
  expect(failed.map(each => each.step)).toEqual([step]);
  expect(failed[0].message).toMatch(message);
  expect(failed[0].fix).toBeTruthy();
  // What comes after it was not tried.
  const after = steps.slice(steps.indexOf(failed[0]) + 1);
  expect(after.every(each => each.outcome === 'skipped')).toBe(true);
  expect(outcome.error?.name).toBe('InputError');
  expect(outcome.error?.message).toMatch(message);
  expect(JSON.stringify(outcome)).not.toContain(TOKEN);
}

describe('ClusterChecker', () => {
  it('passes every step of a cluster that works', async () => {
    const outcome = await check(await startServer());
    expect(outcome.check).toMatchObject({ ok: true, version: 'v1.37.2' });
    expect(outcome.check.steps.map(step => [step.step, step.outcome])).toEqual([
      ['read', 'passed'],
      ['address', 'passed'],
      ['connect', 'passed'],
      ['tls', 'passed'],
      ['signIn', 'passed'],
      ['version', 'passed'],
      ['identity', 'passed'],
      ['rights', 'passed'],
    ]);
    expect(outcome.cluster).toMatchObject({ uid: 'the-uid', user: 'portal' });
    expect(JSON.stringify(outcome.check)).not.toContain(TOKEN);
  });

  it('says what cannot be read, and connects to nothing', async () => {
    const server = await startServer();
    const outcome = await check(server, {
      server: undefined,
      token: undefined,
      caData: undefined,
      kubeconfig: '{',
    });
    expect(outcome.check.steps[0]).toMatchObject({
      step: 'read',
      outcome: 'failed',
    });
    expect(server.connections).toBe(0);
  });

  it('sends nothing to an address that is not allowed', async () => {
    const server = await startServer();
    const outcome = await check(server, { guard: new AddressGuard() });
    expectFailure(outcome, 'address', /of this machine itself/);
    expect(server.connections).toBe(0);
  });

  it('sends nothing where the name leads after it was checked', async () => {
    const forbidden = await TestServer.start(certificate, cannedAnswer({}), {
      host: '127.0.0.2',
    });
    stops.push(() => forbidden.stop());
    const names = await TestNameServer.start(question =>
      question === 1 ? ['127.0.0.1'] : ['127.0.0.2'],
    );
    stops.push(() => names.stop());
    const outcome = await check(forbidden, {
      host: 'cluster.test',
      guard: new AddressGuard({ allow: LOOPBACK, resolve: names.resolver }),
    });
    expectFailure(outcome, 'address', /not allowed/);
    expect(names.questions).toBe(2);
    expect(forbidden.connections).toBe(0);
  });

  it('says that a name does not resolve', async () => {
    const server = await startServer();
    const names = await TestNameServer.start(() => []);
    stops.push(() => names.stop());
    const outcome = await check(server, {
      host: 'cluster.test',
      guard: new AddressGuard({ allow: LOOPBACK, resolve: names.resolver }),
    });
    expectFailure(outcome, 'address', /does not resolve|cannot be looked up/);
  });

  it('says that nothing listens', async () => {
    const server = await startServer();
    await server.stop();
    stops.length = 0;
    const port = 1;
    const outcome = await check({ port } as TestServer);
    expectFailure(outcome, 'connect', /Nothing listens/);
  });

  it.each<[string, () => Promise<TestCertificate>, RegExp]>([
    [
      'an unknown CA',
      async () =>
        (await testAuthority('other')).sign({
          name: 'api',
          hosts: { ip: ['127.0.0.1'] },
        }),
      /signed by an authority that is not/,
    ],
    [
      'an expired certificate',
      () =>
        authority.sign({ name: 'api', hosts: { ip: ['127.0.0.1'] }, days: -1 }),
      /has expired/,
    ],
    [
      'another host',
      () => authority.sign({ name: 'api', hosts: { dns: ['other.test'] } }),
      /for another host/,
    ],
    [
      'a self-signed certificate',
      () => selfSigned({ name: 'api', hosts: { ip: ['127.0.0.1'] } }),
      /self-signed/,
    ],
  ])('fails TLS for %s, with the cause', async (_, make, message) => {
    const server = await startServer({}, await make());
    const outcome = await check(server);
    expectFailure(outcome, 'tls', message);
    expect(outcome.check.steps[3].code).toBe('certificate');
    expect(server.requests).toHaveLength(0);
  });

  it('tells a server that speaks no TLS from one that is not trusted', async () => {
    const server = createServer((_, response) => response.end('plain'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    stops.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const outcome = await check({ port } as TestServer);
    expectFailure(outcome, 'tls', /does not speak TLS/);
    expect(outcome.check.steps[3]).toMatchObject({
      code: 'tls',
      fix: expect.stringMatching(/Check the port/),
    });
  });

  it('warns when the certificate is not checked', async () => {
    const server = await startServer({}, await selfSigned({ name: 'api' }));
    const outcome = await check(server, { skipTlsVerify: true });
    expect(outcome.check.ok).toBe(true);
    expect(outcome.check.steps[3]).toMatchObject({
      step: 'tls',
      outcome: 'warning',
    });
  });

  it('does not follow a redirect', async () => {
    const second = await startServer();
    const first = await TestServer.start(certificate, (_, response) => {
      response.writeHead(302, { location: `https://127.0.0.1:${second.port}` });
      response.end();
    });
    stops.push(() => first.stop());
    expectFailure(await check(first), 'connect', /redirects/);
    expect(second.connections).toBe(0);
  });

  it('says that the credential is not accepted', async () => {
    const server = await startServer({ status: 401 });
    expectFailure(await check(server), 'signIn', /does not accept/);
  });

  it('says that the credential was not looked at', async () => {
    const server = await startServer({ user: 'system:anonymous' });
    expectFailure(await check(server), 'signIn', /did not look at/);
  });

  it('takes the name from the credential where the API server is too old to say it', async () => {
    const claims = Buffer.from(JSON.stringify({ sub: 'from-token' }));
    const server = await startServer({ reviewStatus: 404 });
    const outcome = await check(server, {
      token: `a.${claims.toString('base64url')}.b`,
    });
    expect(outcome.cluster?.user).toBe('from-token');
  });

  it('keeps a name inert and short, whatever a token or an API server says', async () => {
    const sub = `\u202eadmin\u0000${'x'.repeat(600)}`;
    const claims = Buffer.from(JSON.stringify({ sub }));
    const server = await startServer({ reviewStatus: 404 });
    const { cluster } = await check(server, {
      token: `a.${claims.toString('base64url')}.b`,
    });
    expect(cluster?.user?.length).toBeLessThanOrEqual(512);
    expect(cluster?.user).toMatch(/^[\x20-\x7e…]*admin/);
  });

  it.each([
    ['v1.23.17', /older than 1\.24/],
    ['v0.21.0', /older than 1\.24/],
    ['banana', /does not say its version/],
  ])('refuses version %s', async (version, message) => {
    const server = await startServer({ version });
    expectFailure(await check(server), 'version', message);
  });

  it.each(['v1.24.0', 'v1.24.17-gke.100', 'v1.99.0', 'v2.0.0'])(
    'takes version %s',
    async version => {
      expect((await check(await startServer({ version }))).check.ok).toBe(true);
    },
  );

  it('needs to know which cluster it is', async () => {
    const server = await startServer({ namespaceStatus: 404 });
    expectFailure(await check(server), 'identity', /./);
  });

  it('needs the rights to show anything', async () => {
    const server = await startServer({ missing: ['list pods'] });
    expectFailure(await check(server), 'rights', /may not: list pods/);
  });

  it('warns of rights without which something is missing', async () => {
    const server = await startServer({ missing: ['patch deployments'] });
    const outcome = await check(server);
    expect(outcome.check.ok).toBe(true);
    expect(outcome.check.steps[7]).toMatchObject({
      outcome: 'warning',
      message: 'The credential may not: patch deployments.apps',
    });
  });

  describe('with the strategy of a module', () => {
    const authentication = { strategy: 'porter', fields: { key: TOKEN } };
    const porter = (
      credential: ClusterAuthenticationStrategy['credential'],
    ) => ({
      authentications: ownAuthentications([
        {
          id: 'porter',
          title: { en: 'Porter' },
          fields: [{ name: 'key', title: { en: 'Key' }, secret: true }],
          credential,
        },
      ]),
      authentication,
    });
    const inMinutes = (minutes: number) =>
      new Date(Date.now() + minutes * 60_000).toISOString();

    it('signs in with what it makes, and says nothing of an end that nobody has to know of', async () => {
      const expiresAt = inMinutes(10);
      const outcome = await check(
        await startServer(),
        porter(async ({ fields }) => ({ token: fields.key, expiresAt })),
      );
      expect(outcome.check.ok).toBe(true);
      const signIn = outcome.check.steps.find(({ step }) => step === 'signIn');
      expect(signIn).toEqual({
        step: 'signIn',
        outcome: 'passed',
        message: `Signed in as portal; the credential ends on ${expiresAt}, and is renewed before`,
      });
      expect(outcome.cluster?.expiresAt).toBeUndefined();
    });

    it('says why it makes none, and connects to nothing', async () => {
      const server = await startServer();
      const outcome = await check(
        server,
        porter(async () => {
          throw new NotAllowedError(`${TOKEN} is not known to the porter`);
        }),
      );
      expectFailure(outcome, 'read', /\(Porter\): \[secret\] is not known/);
      expect(server.connections).toBe(0);
    });

    it('says that the API server does not know what it makes', async () => {
      const outcome = await check(
        await startServer({ status: 401 }),
        porter(async () => ({ token: 'another', expiresAt: inMinutes(10) })),
      );
      expectFailure(outcome, 'signIn', /does not accept the credential/);
    });
  });

  it('ends with the caller', async () => {
    const server = await TestServer.start(certificate, () => {});
    stops.push(() => server.stop());
    const caller = new AbortController();
    const checking = new ClusterChecker({
      network: { guard: new AddressGuard({ allow: LOOPBACK }) },
      authentications: ownAuthentications(),
    }).check(
      () =>
        readClusterAccess(
          {
            server: `https://127.0.0.1:${server.port}`,
            token: TOKEN,
            caData: authority.certificate,
          },
          ownAuthentications(),
        ),
      { signal: caller.signal },
    );
    setTimeout(() => caller.abort(new Error('The caller went away')), 50);
    await expect(checking).rejects.toThrow('The caller went away');
  });
});
