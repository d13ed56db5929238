import { createBackendModule } from '@backstage/backend-plugin-api';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  k8sApiMiddlewareExtensionPoint,
  k8sClusterAuthenticationExtensionPoint,
} from '@backstage-k8s/plugin-k8s-node';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { k8sPermissions } from '@backstage-k8s/plugin-k8s-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import request from 'supertest';
import { k8sPlugin } from './plugin';

const USER = mockCredentials.user.header();

function startPortal(
  config: Record<string, unknown> = {},
  modules: BackendFeature[] = [],
) {
  return startTestBackend({
    features: [
      k8sPlugin,
      ...modules,
      mockServices.rootConfig.factory({
        data: {
          permission: { enabled: true },
          // Jest does not reach the TypeScript of other threads.
          k8s: { cache: { workers: 0 } },
          ...config,
        } as never,
      }),
    ],
  });
}

describe('k8sPlugin', () => {
  it('refuses whoever has no token, in Backstage shape and without a stack', async () => {
    const { server } = await startPortal();
    const answer = await request(server)
      .get('/api/k8s/clusters')
      .set('Authorization', mockCredentials.none.header());
    expect(answer.status).toBe(401);
    expect(answer.body.error.name).toBe('AuthenticationError');
    expect(JSON.stringify(answer.body)).not.toContain('stack');
  });

  it('answers the state of the installation', async () => {
    const { server } = await startPortal();
    const answer = await request(server)
      .get('/api/k8s/status')
      .set('Authorization', USER);
    expect(answer.body).toEqual({
      user: { ref: 'user:default/mock' },
      permission: 'enabled',
      encryption: 'missing',
      developmentClusters: [],
    });
  });

  it('tells the permission plugin its permissions and rules, and nobody else', async () => {
    const { server } = await startPortal();
    const url = '/api/k8s/.well-known/backstage/permissions/metadata';
    const anonymous = await request(server)
      .get(url)
      .set('Authorization', mockCredentials.none.header());
    expect(anonymous.status).toBe(401);
    const { body } = await request(server).get(url).set('Authorization', USER);
    expect(body.permissions.map(({ name }: { name: string }) => name)).toEqual(
      k8sPermissions.map(({ name }) => name),
    );
    expect(body.rules).toHaveLength(9);
  });

  it('offers actions to who has a token, which run as the caller', async () => {
    const { server } = await startPortal();
    const url = '/api/k8s/.backstage/actions/v1/actions';
    const anonymous = await request(server)
      .get(url)
      .set('Authorization', mockCredentials.none.header());
    expect(anonymous.status).toBe(401);
    const { body } = await request(server).get(url).set('Authorization', USER);
    expect(body.actions.map(({ id }: { id: string }) => id)).toContain(
      'k8s:explain-deployment',
    );
    const refused = await request(server)
      .post(`${url}/k8s:scale-resource/invoke`)
      .set('Authorization', USER)
      .send({ cluster: 'none', namespace: 'a', name: 'b', replicas: 1 });
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toMatch(
      /no such cluster that you may see/,
    );
  });

  it('offers the ways to sign in to clusters, those of modules too, to who may register one', async () => {
    const porter = createBackendModule({
      pluginId: 'k8s',
      moduleId: 'porter',
      register(registration) {
        registration.registerInit({
          deps: { authentication: k8sClusterAuthenticationExtensionPoint },
          async init({ authentication }) {
            authentication.addStrategy({
              id: 'porter',
              title: { en: 'Porter' },
              fields: [{ name: 'key', title: { en: 'Key' }, secret: true }],
              credential: async () => ({ token: 'unused' }),
            });
          },
        });
      },
    });
    const all = mockServices.permissions.mock({
      authorizeConditional: async asked =>
        asked.map(() => ({ result: AuthorizeResult.ALLOW })),
    });
    const { server } = await startPortal({}, [porter, all.factory]);
    const answer = await request(server)
      .get('/api/k8s/authentication-strategies')
      .set('Authorization', USER);
    expect(answer.status).toBe(200);
    expect(answer.body.strategies).toMatchObject([
      { id: 'token' },
      { id: 'clientCertificate' },
      {
        id: 'porter',
        fields: [{ name: 'key', optional: false, secret: true }],
      },
    ]);
    const { server: off } = await startPortal({ permission: {} }, [porter]);
    const refused = await request(off)
      .get('/api/k8s/authentication-strategies')
      .set('Authorization', USER);
    expect(refused.status).toBe(403);
  });

  it('does not start with a configuration that is wrong', async () => {
    await expect(
      startPortal({ k8s: { integration: { timeout: 'soon' } } }),
    ).rejects.toThrow('k8s.integration.timeout');
  });

  it('puts the middleware of modules around every request, the first outermost', async () => {
    const told: string[] = [];
    const moduleOf = (moduleId: string, refuses: boolean) =>
      createBackendModule({
        pluginId: 'k8s',
        moduleId,
        register(registration) {
          registration.registerInit({
            deps: { middleware: k8sApiMiddlewareExtensionPoint },
            async init({ middleware }) {
              middleware.addMiddleware({
                name: moduleId,
                handle: async (asked, next) => {
                  told.push(`${moduleId} ${asked.operation} ${asked.isChange}`);
                  if (refuses) throw new NotAllowedError('Closed');
                  return next();
                },
              });
            },
          });
        },
      });
    const { server } = await startPortal({}, [
      moduleOf('one', false),
      moduleOf('two', true),
    ]);
    const answer = await request(server)
      .get('/api/k8s/status')
      .set('Authorization', USER);
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toBe('Closed');
    expect(told).toEqual(['one getStatus false', 'two getStatus false']);
  });
});
