/** What modules add by the extension points on changes and on what is shown, and those of the suite itself, seen through the API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createBackendModule } from '@backstage/backend-plugin-api';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import changeFreeze from '@backstage-k8s/plugin-k8s-backend-module-change-freeze';
import hiddenResources from '@backstage-k8s/plugin-k8s-backend-module-hidden-resources';
import readOnly from '@backstage-k8s/plugin-k8s-backend-module-read-only';
import {
  k8sResourceConditions,
  k8sResourceFiltersExtensionPoint,
  k8sResourceHooksExtensionPoint,
} from '@backstage-k8s/plugin-k8s-node';
import type { ResourceHook } from '@backstage-k8s/plugin-k8s-node';
import request from 'supertest';
import { testAuthority } from '../connection/__testUtils__/certificates';
import type { TestAuthority } from '../connection/__testUtils__/certificates';
import { sendJson, TestServer } from '../connection/__testUtils__/TestServer';
import { k8sPlugin } from '../plugin';

// For a machine that is busy with other tests.
jest.setTimeout(60_000);

const NAMESPACES = '/api/v1/namespaces';
const NAMES = ['kube-system', 'one', 'three', 'two'];
const { isNamespace } = k8sResourceConditions.conditions;

let authority: TestAuthority;
let apiServer: TestServer;

/** As much of an API server as it takes to be registered and to have namespaces. */
async function answer(asked: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(asked.url ?? '', 'http://test');
  const metadata = { uid: 'the-uid', resourceVersion: '5' };
  if (pathname === '/version') sendJson(response, { gitVersion: 'v1.37.2' });
  else if (pathname.endsWith('/selfsubjectreviews')) {
    sendJson(response, { status: { userInfo: { username: 'portal' } } }, 201);
  } else if (pathname.endsWith('/selfsubjectaccessreviews')) {
    sendJson(response, { status: { allowed: true } }, 201);
  } else if (pathname === `${NAMESPACES}/kube-system`) {
    sendJson(response, { metadata });
  } else if (pathname === NAMESPACES && searchParams.has('watch')) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
  } else if (pathname === NAMESPACES && asked.method === 'GET') {
    const items = NAMES.map(name => ({
      metadata: { ...metadata, name, uid: `uid-${name}` },
    }));
    sendJson(response, {
      ...{ kind: 'NamespaceList', apiVersion: 'v1', items },
      metadata: { resourceVersion: '10' },
    });
  } else sendJson(response, {}, 404);
}

beforeAll(async () => {
  authority = await testAuthority();
  const certificate = await authority.sign({
    ...{ name: 'api', hosts: { ip: ['127.0.0.1'] } },
  });
  apiServer = await TestServer.start(certificate, answer);
});

afterAll(() => apiServer.stop());

/** A portal where everybody may everything, with the modules and the configuration below `k8s`. */
async function startPortal(modules: BackendFeature[], k8s: object = {}) {
  const everything = mockServices.permissions.mock({
    authorizeConditional: async asked =>
      asked.map(() => ({ result: AuthorizeResult.ALLOW })),
  });
  const { server } = await startTestBackend({
    features: [
      k8sPlugin,
      everything.factory,
      ...modules,
      mockServices.rootConfig.factory({
        data: {
          permission: { enabled: true },
          k8s: {
            // Jest does not reach the TypeScript of other threads.
            cache: { workers: 0 },
            addresses: { allow: ['127.0.0.1/32'] },
            encryption: {
              keys: [
                { id: 'k', secret: Buffer.alloc(32, 1).toString('base64') },
              ],
            },
            ...k8s,
          },
        } as never,
      }),
    ],
  });
  const call = async (method: 'get' | 'post', path: string, body?: object) =>
    request(server)
      [method](`/api/k8s${path}`)
      .set('Authorization', mockCredentials.user.header())
      .send(body);
  const register = () =>
    call('post', '/clusters', {
      ...{ name: 'one', labels: { environment: 'production' } },
      ...{ server: `https://127.0.0.1:${apiServer.port}`, token: 'secret' },
      caData: Buffer.from(authority.certificate).toString('base64'),
    });
  return { call, register };
}

/** The same, with a cluster. */
async function startWithCluster(modules: BackendFeature[], k8s?: object) {
  const { call, register } = await startPortal(modules, k8s);
  const { status, body } = await register();
  expect([status, body]).toEqual([200, expect.anything()]);
  const { id } = body;
  return {
    shown: async () => {
      const listed = await call('get', `/clusters/${id}/namespaces`);
      expect(listed.status).toBe(200);
      return listed.body.namespaces.map(({ name }: { name: string }) => name);
    },
    plan: () =>
      call('post', `/clusters/${id}/namespaces?dryRun=true`, { name: 'new' }),
  };
}

function hookModule(hook: ResourceHook): BackendFeature {
  return createBackendModule({
    pluginId: 'k8s',
    moduleId: hook.name,
    register(registration) {
      registration.registerInit({
        deps: { hooks: k8sResourceHooksExtensionPoint },
        async init({ hooks }) {
          hooks.addHook(hook);
        },
      });
    },
  });
}

function filterModule(namespace: string): BackendFeature {
  return createBackendModule({
    pluginId: 'k8s',
    moduleId: `hides-${namespace}`,
    register(registration) {
      registration.registerInit({
        deps: { filters: k8sResourceFiltersExtensionPoint },
        async init({ filters }) {
          filters.addFilter({
            name: `hides-${namespace}`,
            criteria: async () => ({
              not: isNamespace({ namespaces: [namespace] }),
            }),
          });
        },
      });
    },
  });
}

describe('modules', () => {
  it('add hooks: a change goes through all of them, each with what the one before made of it', async () => {
    const { plan } = await startWithCluster([
      hookModule({
        name: 'labels',
        before: async ({ object }) => ({
          object: {
            ...object,
            metadata: { ...object?.metadata, labels: { team: 'shop' } },
          },
        }),
      }),
      hookModule({
        name: 'refuses',
        before: async ({ object, cluster }) => {
          const { team } = object?.metadata.labels ?? {};
          throw new NotAllowedError(`Not on ${cluster.name} for ${team}`);
        },
      }),
    ]);
    const { status, body } = await plan();
    expect([status, body.error.message]).toEqual([403, 'Not on one for shop']);
  });

  it('add filters: what one of them hides is hidden', async () => {
    const { shown } = await startWithCluster([
      filterModule('one'),
      filterModule('two'),
    ]);
    expect(await shown()).toEqual(['kube-system', 'three']);
  });
});

describe('the module of freezes', () => {
  const freeze = (from: string) => ({
    freezes: [{ name: 'Moving house', from, to: '2999-01-01T00:00:00Z' }],
  });

  it('refuses changes, and plans of them, while one holds', async () => {
    const { plan } = await startWithCluster(
      [changeFreeze],
      freeze('2020-01-01T00:00:00Z'),
    );
    const { status, body } = await plan();
    expect([status, body.error.message]).toEqual([
      403,
      'Moving house: nothing is changed here until 2999-01-01T00:00:00.000Z',
    ]);
  });

  it('lets changes through to the API server before it', async () => {
    const { plan } = await startWithCluster(
      [changeFreeze],
      freeze('2998-01-01T00:00:00Z'),
    );
    const before = apiServer.requests.length;
    await plan();
    const sent = apiServer.requests.slice(before);
    expect(sent.map(({ url }) => url)).toContainEqual(
      expect.stringMatching(/^\/api\/v1\/namespaces\/new\?.*dryRun=All/),
    );
  });

  it('does not let a portal start with a freeze that is none', async () => {
    await expect(
      startPortal([changeFreeze], { freezes: [{ name: 'x' }] }),
    ).rejects.toThrow('k8s.freezes.0.from');
  });
});

describe('the module of hidden resources', () => {
  it('hides what is configured, and nothing else', async () => {
    const { shown } = await startWithCluster([hiddenResources], {
      hidden: [{ namespaces: ['kube-system', 'two'] }],
    });
    expect(await shown()).toEqual(['one', 'three']);
  });

  it('hides nothing without a configuration', async () => {
    const { shown } = await startWithCluster([hiddenResources]);
    expect(await shown()).toEqual(NAMES);
  });
});

describe('the module for reading only', () => {
  it('refuses changes with the reason, and answers reads', async () => {
    const { call, register } = await startPortal([readOnly], {
      readOnly: { enabled: true, reason: 'it is being moved' },
    });
    const { status, body } = await register();
    expect([status, body.error.message]).toEqual([
      403,
      'The portal changes nothing at the moment: it is being moved',
    ]);
    const listed = await call('get', '/clusters');
    expect([listed.status, listed.body]).toEqual([200, { clusters: [] }]);
  });

  it('does nothing unless it is switched on', async () => {
    const { register } = await startPortal([readOnly]);
    expect((await register()).status).toBe(200);
  });
});
