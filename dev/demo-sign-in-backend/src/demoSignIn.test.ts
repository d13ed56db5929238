import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';
import request from 'supertest';
import authModuleK8sDemo from '.';
import { demoAuthenticator, DEMO_USERS } from './demoAuthenticator';
import { reasonNotToLoad } from './reasonNotToLoad';

const LOOPBACK = 'http://localhost:7007';

const configData = (
  overrides: { app?: string; backend?: string; enabled?: unknown } = {},
): JsonObject => ({
  app: { baseUrl: overrides.app ?? LOOPBACK },
  backend: { baseUrl: overrides.backend ?? LOOPBACK },
  auth: {
    providers: {
      'k8s-demo': {
        enabled: ('enabled' in overrides ? overrides.enabled : true) as boolean,
      },
    },
  },
});

const reason = (
  overrides: Parameters<typeof configData>[0] = {},
  environment: string | undefined = 'development',
) =>
  reasonNotToLoad({
    config: new ConfigReader(configData(overrides)),
    environment,
  });

const users = DEMO_USERS.map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name, namespace: 'default' },
  spec: { profile: { displayName: `Demo ${name}` } },
  relations: [{ type: 'memberOf', targetRef: 'group:default/platform' }],
}));

async function startAuth(entities = users, config = configData()) {
  const { server } = await startTestBackend({
    features: [
      authPlugin,
      authModuleK8sDemo,
      catalogServiceMock.factory({ entities }),
      mockServices.rootConfig.factory({ data: config }),
    ],
  });
  return server;
}

describe('loading', () => {
  it.each([
    'https://localhost',
    'http://127.0.0.1:7007',
    'http://127.8.0.1',
    'http://[::1]:7007',
    'http://LOCALHOST',
  ])('goes on for %s', url => {
    expect(reason({ app: url, backend: url })).toBeUndefined();
  });

  it.each([
    'https://portal.example.com',
    'http://0.0.0.0:7007',
    'http://192.168.1.5',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost@example.com',
    'http://[::]',
    'not a url',
  ])('is refused when one of the base URLs is %p', url => {
    expect(reason({ app: url })).toBe('app.baseUrl is not on loopback');
    expect(reason({ backend: url })).toBe('backend.baseUrl is not on loopback');
  });

  it.each(['production', 'test', '', 'Development', undefined])(
    'is refused when NODE_ENV is %p',
    environment => {
      const config = new ConfigReader(configData());
      expect(reasonNotToLoad({ config, environment })).toBe(
        'NODE_ENV is not development',
      );
    },
  );

  it.each([undefined, false, 'true', 1, {}])(
    'is refused when its key is %p',
    enabled => {
      expect(reason({ enabled })).toBe(
        'auth.providers.k8s-demo.enabled is not true',
      );
    },
  );

  it('is refused without any configuration', () => {
    const config = new ConfigReader({});
    expect(reasonNotToLoad({ config, environment: 'development' })).toBe(
      'auth.providers.k8s-demo.enabled is not true',
    );
  });
});

describe('a request', () => {
  const authenticate = (parts: {
    host?: string;
    from?: string;
    header?: string;
    query?: Record<string, unknown>;
  }) =>
    demoAuthenticator.authenticate(
      {
        req: {
          headers: {
            host: 'host' in parts ? parts.host : 'localhost:7007',
            'x-demo-user': parts.header,
          },
          query: parts.query ?? {},
          socket: { remoteAddress: parts.from ?? '127.0.0.1' },
        } as unknown as Request,
      },
      undefined,
    );

  it.each(DEMO_USERS)('signs %s in by header or query', async name => {
    const result = { result: { name } };
    await expect(authenticate({ header: name })).resolves.toEqual(result);
    await expect(authenticate({ query: { user: name } })).resolves.toEqual(
      result,
    );
  });

  it.each(['::1', '::ffff:127.0.0.1', '127.0.0.5'])(
    'may come from %s',
    async from => {
      await expect(authenticate({ from, header: 'admin' })).resolves.toEqual({
        result: { name: 'admin' },
      });
    },
  );

  it.each(['10.0.0.4', '::ffff:10.0.0.4', '2001:db8::1', ''])(
    'is refused from %p',
    async from => {
      await expect(authenticate({ from, header: 'admin' })).rejects.toThrow(
        'loopback only',
      );
    },
  );

  it.each([
    'portal.example.com',
    'rebound.example.com:7007',
    'localhost.example.com',
    'localhost@example.com',
    'example.com#localhost',
    '192.168.1.5:7007',
    '',
    undefined,
  ])('is refused to the host %p', async host => {
    await expect(authenticate({ host, header: 'admin' })).rejects.toThrow(
      'loopback only',
    );
  });

  it.each([
    [{}],
    [{ header: 'root' }],
    [{ header: '' }],
    [{ header: 'Admin' }],
    [{ query: { user: '../admin' } }],
    [{ query: { user: ['admin', 'viewer'] } }],
    [{ query: { user: { name: 'admin' } } }],
    [{ header: 'viewer', query: { user: 'admin' } }],
    [{ header: 'admin', query: { user: '' } }],
  ])('is refused when it names nobody or two: %j', async parts => {
    await expect(authenticate(parts)).rejects.toThrow('Name one demo user');
  });
});

describe('in a back end', () => {
  const environment = process.env.NODE_ENV;
  afterEach(() => {
    process.env.NODE_ENV = environment;
  });

  it('issues a token for the user with the groups of the catalog', async () => {
    process.env.NODE_ENV = 'development';
    const server = await startAuth();
    const response = await request(server).get(
      '/api/auth/k8s-demo/refresh?user=admin',
    );
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      profile: { displayName: 'Demo admin' },
      backstageIdentity: {
        token: expect.stringMatching(/^[^.]+\.[^.]+\.[^.]+$/),
        identity: {
          userEntityRef: 'user:default/admin',
          ownershipEntityRefs: ['user:default/admin', 'group:default/platform'],
        },
      },
    });
  });

  it('refuses a foreign host with 403 and a stranger with 401', async () => {
    process.env.NODE_ENV = 'development';
    const server = await startAuth();
    const path = '/api/auth/k8s-demo/refresh';
    const foreign = await request(server)
      .get(`${path}?user=admin`)
      .set('Host', 'rebound.example.com');
    expect(foreign.status).toBe(403);
    const stranger = await request(server).get(`${path}?user=root`);
    expect(stranger.status).toBe(401);
    expect(stranger.text).not.toContain('token');
  });

  it('answers 503 while the catalog has no users', async () => {
    process.env.NODE_ENV = 'development';
    const server = await startAuth([]);
    const response = await request(server).get(
      '/api/auth/k8s-demo/refresh?user=admin',
    );
    expect(response.status).toBe(503);
  });

  it.each([
    ['production', configData()],
    ['development', configData({ enabled: false })],
    ['development', configData({ app: 'https://portal.example.com' })],
  ])('does not exist in %s with %j', async (nodeEnv, config) => {
    process.env.NODE_ENV = nodeEnv;
    const server = await startAuth(users, config);
    const response = await request(server).get(
      '/api/auth/k8s-demo/refresh?user=admin',
    );
    expect(response.status).toBe(404);
  });
});
