import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  ConflictError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import express from 'express';
import { createServer, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { gzipSync } from 'node:zlib';
import { withHints } from '../errors/answerHints';
import { GoneError } from '../errors/statusErrors';
import { loadContract } from './Contract';
import { createRouter } from './createRouter';
import { PreparedJson } from './PreparedJson';
import type { Handlers, OperationId } from './Handlers';

const USER = mockCredentials.user.header();
const contract = loadContract();
const logger = mockServices.logger.mock();
const audit = { change: jest.fn(), record: jest.fn(), refused: jest.fn() };
const idempotency = { run: jest.fn() };
const handlers = Object.fromEntries(
  contract.operations.map(({ id }) => [id, jest.fn()]),
) as unknown as { [Id in OperationId]: jest.Mock };

const CHANGE = { name: 'shop', status: 'Active' };
const NAMESPACES = '/clusters/c1/namespaces';
const DEPLOYMENT = '/clusters/c1/deployments/shop/payments';

let server: Server;

function routerWith({ requestTimeoutMs }: { requestTimeoutMs: number }) {
  return createRouter({
    contract,
    handlers: handlers as unknown as Handlers,
    auth: mockServices.auth(),
    httpAuth: mockServices.httpAuth({
      defaultCredentials: mockCredentials.none(),
    }),
    audit,
    idempotency,
    logger,
    requestTimeoutMs,
    validateAnswers: true,
  });
}

beforeAll(async () => {
  const app = express();
  app.use(routerWith({ requestTimeoutMs: 10_000 }));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise(resolve => {
    server.once('listening', resolve);
  });
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  jest.resetAllMocks();
  audit.refused.mockImplementation(async (_intent, context) => {
    context.audit.recorded = true;
  });
  handlers.createNamespace.mockResolvedValue(CHANGE);
  handlers.listClusters.mockResolvedValue({ clusters: [] });
});

const as = (test: request.Test, token = USER) =>
  test.set('Authorization', token);
const post = (path: string) => as(request(server).post(path));
const get = (path: string) => as(request(server).get(path));

/** Sends a path as it is; clients tidy it up. */
function rawRequest(options: {
  method: string;
  path: string;
  headers?: Record<string, string>;
}): Promise<{ status?: number; text: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        ...options,
        port,
        host: '127.0.0.1',
        headers: { authorization: USER, ...options.headers },
      },
      answer => {
        let text = '';
        answer.on('data', chunk => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('credentials', () => {
  it.each(contract.operations.map(({ method, path }) => [method, path]))(
    'come first for %s %s',
    async (method, path) => {
      const url = path.replace(/\{\w+\}/g, 'x');
      const answer = await rawRequest({
        method,
        path: url,
        headers: { authorization: '' },
      });
      expect(answer.status).toBe(401);
      // As Backstage says it, or as Kubernetes does where that is spoken.
      const { error, reason } = JSON.parse(answer.text);
      expect(reason ?? error.name).toBe(
        path.includes('/proxy/') ? 'Unauthorized' : 'AuthenticationError',
      );
    },
  );

  it.each([
    ['a cookie', { Cookie: 'backstage-auth=mock-user-token' }],
    ['another scheme', { Authorization: 'Basic dXNlcjpwYXNz' }],
    [
      'a token that is none',
      { Authorization: mockCredentials.user.invalidHeader() },
    ],
  ])('are not %s', async (_name, headers) => {
    const answer = await request(server).get('/clusters').set(headers);
    expect(answer.status).toBe(401);
    expect(handlers.listClusters).not.toHaveBeenCalled();
  });

  it('are not in the URL', async () => {
    const answer = await request(server).get('/clusters?token=mock-user-token');
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain('mock-user-token');
  });

  it('come before a body is read, however large it claims to be', async () => {
    const answer = await request(server)
      .post('/clusters')
      .set('Content-Type', 'application/json')
      .send('x'.repeat(3_000_000));
    expect(answer.status).toBe(401);
  });

  it('that are missing are audited for changes only', async () => {
    await request(server).delete(DEPLOYMENT);
    expect(audit.refused).toHaveBeenCalledTimes(1);
    expect(audit.refused).toHaveBeenCalledWith(
      {
        action: 'deployment.delete',
        cluster: { id: 'c1' },
        resource: {
          group: 'apps',
          plural: 'deployments',
          namespace: 'shop',
          name: 'payments',
        },
      },
      expect.objectContaining({
        principal: { type: 'anonymous', ref: 'anonymous' },
      }),
      expect.objectContaining({ name: 'AuthenticationError' }),
    );
    await request(server).get(DEPLOYMENT);
    expect(audit.refused).toHaveBeenCalledTimes(1);
  });
});

describe('paths and methods', () => {
  it('that are not documented do not exist', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/clusters/c1/secrets')).status).toBe(404);
  });

  it.each(['PATCH', 'PUT', 'HEAD', 'TRACE', 'PROPFIND'])(
    'answer %s with the methods that there are',
    async method => {
      const { port } = server.address() as AddressInfo;
      const answer = await new Promise<{ status?: number; allow?: string }>(
        (resolve, reject) =>
          httpRequest(
            {
              method,
              path: '/clusters',
              port,
              headers: { authorization: USER },
            },
            message => {
              message.resume();
              resolve({
                status: message.statusCode,
                allow: message.headers.allow,
              });
            },
          )
            .on('error', reject)
            .end(),
      );
      expect(answer).toEqual({ status: 405, allow: 'GET, POST' });
    },
  );

  it.each([
    '/clusters/..',
    '/clusters/./health',
    '/clusters/../clusters/c1',
    '/clusters/%2e%2e',
    '/clusters/c1%2fhealth',
    '/clusters/c1%252fhealth',
    '/clusters/c1%00',
    '/clusters/c1%0a',
    '/clusters//health',
    '/clusters/c1\\health',
    '/clusters/c1;x=1',
    '/clusters/%D1%81luster',
    `/clusters/${'a'.repeat(400)}`,
    '/clusters/C1',
    '/clusters/c_1',
    `/clusters/c1/deployments/${'a'.repeat(64)}/x`,
    '/clusters/c1/deployments/shop.eu/x',
    '/clusters/c1/deployments/shop/-x',
    '/clusters/c1/deployments/shop/x..y',
  ])('of case %# are refused', async path => {
    const answer = await rawRequest({ method: 'GET', path });
    expect(answer.status).toBe(400);
    for (const handler of Object.values(handlers)) {
      expect(handler).not.toHaveBeenCalled();
    }
  });

  it.each<[string, { id?: string; namespace?: string; name?: string }]>([
    [`/clusters/c1/deployments/shop/a%2fb`, { id: 'c1', namespace: 'shop' }],
    [`/clusters/c1/deployments/%2e%2e/b`, { id: 'c1', name: 'b' }],
    [
      `/clusters/c1/deployments/shop/${'a'.repeat(300)}`,
      { id: 'c1', namespace: 'shop' },
    ],
    [
      `/clusters/${'c'.repeat(300)}/deployments/shop/b`,
      { namespace: 'shop', name: 'b' },
    ],
  ])(
    'of case %# are audited where they would change something, without what is no name',
    async (path, { id, ...names }) => {
      expect((await rawRequest({ method: 'DELETE', path })).status).toBe(400);
      expect(audit.refused).toHaveBeenCalledTimes(1);
      const [[intent]] = audit.refused.mock.calls;
      expect(intent).toEqual({
        action: 'deployment.delete',
        cluster: id && { id },
        resource: {
          group: 'apps',
          plural: 'deployments',
          namespace: undefined,
          name: undefined,
          ...names,
        },
      });
      await rawRequest({ method: 'GET', path });
      expect(audit.refused).toHaveBeenCalledTimes(1);
    },
  );

  it.each([
    ['system:node', 'system:node'],
    ['system%3Anode', 'system:node'],
    ['system%3anode', 'system:node'],
    ["a!$&'()*+,;=:@b", "a!$&'()*+,;=:@b"],
    ['a%2B%40b', 'a+@b'],
  ])('lead to the object that is called %s', async (segment, name) => {
    const role =
      '/clusters/c1/resources/rbac.authorization.k8s.io/clusterroles/_/';
    await rawRequest({ method: 'GET', path: `${role}${segment}` });
    expect(handlers.getResource).toHaveBeenCalledTimes(1);
    const [[{ path }]] = handlers.getResource.mock.calls;
    expect(path.name).toBe(name);
  });

  it.each([
    'a%2Fb',
    'a%2fb',
    'a%252Fb',
    'a%25b',
    'a%5Cb',
    'a%20b',
    '%2e%2e',
    '%2E',
    '..',
    '.',
    '%41dmin',
    'a%3',
    'a%zz',
    'a%3A%2e%2e%2f',
    'a%00',
    'a%3Fb',
    'a%23b',
    'a?b=c',
    'a%C3%A4',
    'ä',
  ])('hold no name spelled %s', async segment => {
    const path = `/clusters/c1/resources/rbac.authorization.k8s.io/clusterroles/_/${encodeURI(
      segment,
    ).replace(/%25/g, '%')}`;
    const { status } = await rawRequest({ method: 'DELETE', path });
    expect(status).toBe(400);
    expect(handlers.deleteResource).not.toHaveBeenCalled();
  });

  it('headers cannot change the method, the path or the caller', async () => {
    await get('/clusters').set({
      'X-HTTP-Method-Override': 'POST',
      'X-Original-URL': '/audit',
      'Impersonate-User': 'system:admin',
      'X-Remote-User': 'admin',
      'X-Forwarded-User': 'user:default/admin',
    });
    const [[{ context }]] = handlers.listClusters.mock.calls;
    expect(context.principal).toEqual({
      type: 'user',
      ref: 'user:default/mock',
    });
    expect(JSON.stringify(context)).not.toContain('admin');
  });
});

describe('queries', () => {
  it.each([
    '?unknown=1',
    '?labelSelector=a&labelSelector=b',
    '?labelSelector[]=a',
    '?labelSelector[$gt]=a',
    '?__proto__=1',
    '?labelSelector=%00',
    '?labelSelector=a%0ab',
    '?labelSelector=%ff',
    `?labelSelector=${'a'.repeat(1025)}`,
    `?labelSelector=${'a'.repeat(9000)}`,
  ])('of case %# are refused', async query => {
    expect((await get(`/clusters${query}`)).status).toBe(400);
  });

  it.each([
    '0',
    '501',
    '-1',
    '1.5',
    '1e2',
    '0x10',
    '',
    ' 5',
    'ten',
    '9'.repeat(30),
  ])('a limit of "%s" is refused', async limit => {
    const url = `/clusters/c1/deployments?limit=${encodeURIComponent(limit)}`;
    expect((await get(url)).status).toBe(400);
  });

  it.each([
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    // A leap second is a time, but not one that JavaScript can reckon with.
    '2016-12-31T23:59:60Z',
  ])('a time of "%s" is refused', async from => {
    expect((await get(`/audit?from=${from}`)).status).toBe(400);
    expect(handlers.listAudit).not.toHaveBeenCalled();
  });

  it.each(['1', 'TRUE', 'yes', ''])('dryRun=%s is refused', async value => {
    const answer = await post(`${DEPLOYMENT}/restart?dryRun=${value}`);
    expect(answer.status).toBe(400);
  });

  it('are given as their types, with the defaults of the contract', async () => {
    handlers.listDeployments.mockResolvedValue(
      PreparedJson.from({
        deployments: [],
        total: 0,
        cache: { state: 'live' },
      }),
    );
    await get('/clusters/c1/deployments?limit=5');
    expect(handlers.listDeployments).toHaveBeenCalledWith(
      expect.objectContaining({
        path: { id: 'c1' },
        query: { limit: 5, sort: 'namespace' },
        body: undefined,
      }),
    );
  });
});

describe('bodies', () => {
  const refused = (body: string | object, headers = {}) =>
    post(NAMESPACES)
      .set({ 'Content-Type': 'application/json', ...headers })
      .send(body);

  afterEach(() => {
    // eslint-disable-next-line jest/no-standalone-expect -- it holds for each of these tests
    expect(handlers.createNamespace).not.toHaveBeenCalled();
  });

  it('that are not JSON are not repeated in the answer', async () => {
    const answer = await refused('{"name": "s3cret-token');
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('s3cret');
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('that are no UTF-8 are refused', async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${NAMESPACES}`, {
      method: 'POST',
      headers: { authorization: USER, 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(answer.status).toBe(400);
  });

  it.each([
    '{"name":"a","__proto__":{"x":1}}',
    '{"name":"a","labels":{"__proto__":"x"}}',
    '{"name":"a","labels":{"constructor":"x"}}',
    '{"name":"a\\u0000"}',
    '{"name":"a","labels":{"a":1e999}}',
    '{"name":"a","extra":1}',
    '{"name":"A"}',
    '{"name":["a"]}',
    '[]',
    '"a"',
    'null',
    '',
  ])('%s is refused', async body => {
    expect((await refused(body)).status).toBe(400);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('that are nested too deeply are refused', async () => {
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect((await refused(nested)).status).toBe(400);
  });

  it('of more than the limit of the route are refused', async () => {
    const labels = { a: 'x'.repeat(70_000) };
    expect((await refused({ name: 'a', labels })).status).toBe(413);
  });

  it('of more than the limit are refused when they claim no length', async () => {
    const { port } = server.address() as AddressInfo;
    // Little more than the limit, so that it is sent before the connection is closed.
    const text = `{"name":"${'x'.repeat(70_000)}"}`;
    const answer = await fetch(`http://127.0.0.1:${port}${NAMESPACES}`, {
      method: 'POST',
      headers: { authorization: USER, 'content-type': 'application/json' },
      body: new Blob([text]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('that end before their claimed length reach nothing', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise<void>(resolve => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          `POST ${NAMESPACES} HTTP/1.1\r\nHost: x\r\nAuthorization: ${USER}\r\n` +
            'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name":"a"}',
        );
        socket.end();
      });
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect(audit.change).not.toHaveBeenCalled();
  });

  it.each([
    [12, 2],
    [300_000, 1],
  ])(
    'of %d bytes that come after they were refused end no connection that need not end',
    async (length, answers) => {
      const { port } = server.address() as AddressInfo;
      const head = (path: string, size: number) =>
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${USER}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`;
      let text = '';
      await new Promise<void>(resolve => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(head('/clusters/%2f/namespaces', length));
        });
        const count = () => text.split('HTTP/1.1 400').length - 1;
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.on('data', piece => {
          const before = count();
          text += piece;
          if (count() === 1 && before === 0) {
            socket.write('x'.repeat(length));
            socket.write(head('/clusters/%2f/namespaces', 0));
          }
          if (count() === 2) socket.end();
        });
      });
      expect(text.split('HTTP/1.1 400')).toHaveLength(answers + 1);
    },
  );

  it('that are compressed are refused', async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${NAMESPACES}`, {
      method: 'POST',
      headers: {
        authorization: USER,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: gzipSync('{"name":"a"}'),
    });
    expect(answer.status).toBe(400);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonx',
  ])('of type %s are refused', async type => {
    const answer = await refused('{"name":"a"}', { 'Content-Type': type });
    expect(answer.status).toBe(400);
  });

  it('are refused where none belongs', async () => {
    for (const [method, path] of [
      ['GET', '/clusters'],
      ['DELETE', DEPLOYMENT],
      ['POST', `${DEPLOYMENT}/restart`],
    ]) {
      const { port } = server.address() as AddressInfo;
      const status = await new Promise(resolve => {
        const sent = httpRequest(
          {
            method,
            path,
            port,
            headers: {
              authorization: USER,
              'content-type': 'application/json',
            },
          },
          answer => {
            answer.resume();
            resolve(answer.statusCode);
          },
        );
        sent.end('{}');
      });
      expect(status).toBe(400);
    }
  });

  it('that are missing are refused', async () => {
    expect((await post(NAMESPACES)).status).toBe(400);
  });
});

describe('answers', () => {
  it('hold what the handler says', async () => {
    const answer = await post(NAMESPACES).send({ name: 'shop' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(CHANGE);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that the contract does not allow are failures of ours', async () => {
    handlers.createNamespace.mockResolvedValue({ ...CHANGE, token: 'x' });
    const answer = await post(NAMESPACES).send({ name: 'shop' });
    expect(answer.status).toBe(500);
  });

  it('to what nobody meant to be said hold nothing of it', async () => {
    handlers.listClusters.mockRejectedValue(
      new Error('select * from clusters where token = s3cret'),
    );
    const answer = await get('/clusters');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/s3cret|select|stack|at /);
    expect(answer.text).toContain(answer.headers['x-request-id']);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('to an error with a cause hold nothing of the cause', async () => {
    handlers.listClusters.mockRejectedValue(
      new ConflictError('The name is taken', new Error('s3cret')),
    );
    const answer = await get('/clusters');
    expect(answer.status).toBe(409);
    expect(answer.body.error).toEqual({
      name: 'ConflictError',
      message: 'The name is taken',
    });
  });

  it.each([
    [new GoneError('It is no longer known'), 410],
    [new NotAllowedError('No'), 403],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 503],
    [Object.assign(new Error('x'), { name: 'KnexTimeoutError' }), 503],
    [Object.assign(new Error('x'), { code: '57P01' }), 503],
    [new Error('Connection terminated unexpectedly'), 503],
  ])('of case %# have the status of their error', async (error, status) => {
    handlers.listClusters.mockRejectedValue(error);
    expect((await get('/clusters')).status).toBe(status);
  });

  it('come also when what they wait for never does', async () => {
    handlers.listClusters.mockReturnValue(new Promise(() => {}));
    const late = request(
      express().use(routerWith({ requestTimeoutMs: 50 })),
    ).get('/clusters');
    const answer = await as(late);
    expect(answer.status).toBe(503);
    expect(answer.body.error.message).toMatch(/took too long/);
  });

  it('say when to try again', async () => {
    handlers.listClusters.mockRejectedValueOnce(
      withHints(new ServiceUnavailableError('Later'), {
        retryAfterSeconds: 6.2,
        details: { cluster: 'c1' },
      }),
    );
    const answer = await get('/clusters');
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.body.error.details).toEqual({ cluster: 'c1' });
  });

  it('to refused changes are audited once', async () => {
    handlers.createNamespace.mockRejectedValue(new NotAllowedError('No'));
    await post(NAMESPACES).send({ name: 'shop' });
    expect(audit.refused).toHaveBeenCalledTimes(1);
    handlers.createNamespace.mockImplementation(async ({ context }) => {
      context.audit.recorded = true;
      throw new NotAllowedError('No');
    });
    await post(NAMESPACES).send({ name: 'shop' });
    expect(audit.refused).toHaveBeenCalledTimes(1);
  });

  it('to failures are not audited as refusals', async () => {
    handlers.createNamespace.mockRejectedValue(new Error('broken'));
    await post(NAMESPACES).send({ name: 'shop' });
    expect(audit.refused).not.toHaveBeenCalled();
  });
});

describe('idempotency', () => {
  const keyed = (path = NAMESPACES) =>
    post(path).set('Idempotency-Key', 'k1').send({ name: 'shop' });

  it('answers what is stored, with its headers', async () => {
    idempotency.run.mockResolvedValue({
      status: 409,
      headers: { 'Retry-After': '3' },
      body: { error: { name: 'ConflictError' } },
    });
    const answer = await keyed();
    expect(answer.status).toBe(409);
    expect(answer.headers['retry-after']).toBe('3');
    expect(handlers.createNamespace).not.toHaveBeenCalled();
  });

  it('gives refusals to be stored, and other requests other fingerprints', async () => {
    handlers.createNamespace.mockRejectedValue(new NotAllowedError('No'));
    idempotency.run.mockImplementation((_request, context, work) =>
      work(context),
    );
    expect((await keyed()).status).toBe(403);
    await keyed();
    await keyed('/clusters/c2/namespaces');
    const prints = idempotency.run.mock.calls.map(([sent]) => sent.fingerprint);
    expect(prints[0]).toBe(prints[1]);
    expect(prints[0]).not.toBe(prints[2]);
    expect(audit.refused).toHaveBeenCalledTimes(3);
  });

  it('says that another instance took a request over, and logs no failure', async () => {
    idempotency.run.mockImplementation((_request, context, work) => {
      const lost = AbortSignal.abort(new ConflictError('Taken over'));
      return work({ ...context, signal: lost });
    });
    handlers.createNamespace.mockImplementation(({ context }) =>
      sleep(1000, undefined, { signal: context.signal }),
    );
    const answer = await keyed();
    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toBe('Taken over');
    expect(logger.error).not.toHaveBeenCalled();
  });

  it.each([['x'.repeat(129)], ['two words'], ['']])(
    'refuses keys of case %#',
    async key => {
      const answer = await post(NAMESPACES)
        .set('Idempotency-Key', key)
        .send({ name: 'shop' });
      expect(answer.status).toBe(400);
    },
  );

  it('is not asked for dry runs, reviews and reads', async () => {
    handlers.reviewAccess.mockResolvedValue({ reviews: [{ allowed: true }] });
    await keyed(`${NAMESPACES}?dryRun=true`);
    await get('/clusters').set('Idempotency-Key', 'k1');
    await post('/access-reviews')
      .set('Idempotency-Key', 'k1')
      .send({ reviews: [{ action: 'cluster.register' }] });
    expect(idempotency.run).not.toHaveBeenCalled();
    expect(handlers.reviewAccess).toHaveBeenCalledTimes(1);
  });
});

describe('streams', () => {
  it.each(['Pod', 'Pod/a/b', '/a', 'Pod/', 'Pod/A', `Pod/${'a'.repeat(317)}`])(
    'are of no object like %s',
    async involved => {
      const one = { id: 'a', topic: 'events', cluster: 'c1', involved };
      const answer = await post('/streams').send({ subscriptions: [one] });
      expect(answer.status).toBe(400);
      expect(handlers.openStream).not.toHaveBeenCalled();
    },
  );

  it('are sent as they come, and their source ends with the reader', async () => {
    let signal: AbortSignal | undefined;
    handlers.openStream.mockImplementation(async ({ context }) => {
      signal = context.signal;
      return {
        events: (async function* events() {
          yield { event: 'ready', data: {} };
          yield { event: 'changes', data: { text: 'two\nlines' } };
          await new Promise(resolve => {
            context.signal.addEventListener('abort', resolve);
          });
        })(),
      };
    });
    const { port } = server.address() as AddressInfo;
    const reader = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}/streams`, {
      method: 'POST',
      headers: { authorization: USER, 'content-type': 'application/json' },
      body: '{"subscriptions":[{"id":"a","topic":"clusters"}]}',
      signal: reader.signal,
    });
    expect(answer.headers.get('content-type')).toMatch('text/event-stream');
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform');
    const body = answer.body!.getReader();
    let text = '';
    while (!text.includes('lines')) {
      const { value } = await body.read();
      text += new TextDecoder().decode(value);
    }
    expect(text).toBe(
      'event: ready\ndata: {}\n\nevent: changes\ndata: {"text":"two\\nlines"}\n\n',
    );
    expect(signal?.aborted).toBe(false);
    reader.abort();
    await new Promise(resolve => {
      if (signal?.aborted) resolve(undefined);
      signal?.addEventListener('abort', resolve);
    });
  });
});

it('does not start without a handler for each operation', () => {
  const { deleteCluster, ...others } = handlers;
  expect(deleteCluster).toBeDefined();
  expect(() =>
    createRouter({
      contract,
      handlers: others as unknown as Handlers,
      auth: mockServices.auth(),
      httpAuth: mockServices.httpAuth(),
      audit,
      idempotency,
      logger,
      requestTimeoutMs: 1000,
      validateAnswers: true,
    }),
  ).toThrow('No handler answers deleteCluster');
});
