import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import searchPlugin from '@backstage/plugin-search-backend';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { AuthorizePermissionRequest } from '@backstage/plugin-permission-common';
import { suiteStandIn } from '@backstage-k8s/plugin-k8s-node/testUtils';
import Router from 'express-promise-router';
import request from 'supertest';
import searchModuleK8s from '.';

// A back end takes seconds to start on a busy machine.
jest.setTimeout(60_000);

const rowOf = (name: string) => ({
  ...{ cluster: 'c1', namespace: 'shop', name, uid: name },
  ...{ resourceVersion: '1', createdAt: '2026-01-01T00:00:00Z' },
  ...{ health: { state: 'healthy' }, cells: [] },
});

/** The back end of the suite as the search sees it: two pages of Services, after a first look that came too early. */
async function startPortal() {
  const scheduler = mockServices.scheduler();
  const permissions = mockServices.permissions.mock();
  permissions.authorizeConditional.mockResolvedValue([
    {
      result: AuthorizeResult.CONDITIONAL,
      ...{ pluginId: 'k8s', resourceType: 'k8s-resource' },
      conditions: { rule: 'R', resourceType: 'k8s-resource', params: {} },
    },
  ]);
  permissions.authorize.mockImplementation(
    async (requests: AuthorizePermissionRequest[]) =>
      requests.map(({ resourceRef }) => ({
        result: resourceRef?.endsWith('/hidden-web')
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      })),
  );
  const routes = Router();
  routes.get('/clusters', (_, res) => {
    res.json({ clusters: [{ id: 'c1', name: 'one' }] });
  });
  routes.get('/clusters/c1/kinds', (_, res) => {
    res.json({
      kinds: [
        { group: '', plural: 'services', kind: 'Service' },
        { group: 'apps', plural: 'deployments', kind: 'Deployment' },
      ],
    });
  });
  let isRead = false;
  routes.get('/clusters/c1/resources/core/services', (req, res) => {
    if (!isRead) {
      isRead = true;
      const cache = { state: 'syncing' };
      res.json({ columns: [], rows: [], total: 0, cache });
      return;
    }
    const isSecond = req.query.continue === 'more';
    res.json({
      columns: [],
      rows: [rowOf(isSecond ? 'hidden-web' : 'my-web')],
      total: 2,
      cache: { state: 'live' },
      ...(!isSecond && { continue: 'more' }),
    });
  });
  routes.get('/clusters/c1/resources/apps/deployments', () => {
    throw new NotFoundError('gone meanwhile');
  });
  const suite = suiteStandIn(routes);
  const { server } = await startTestBackend({
    features: [
      searchPlugin,
      searchModuleK8s,
      suite.feature,
      permissions.factory,
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      mockServices.rootConfig.factory({
        data: { permission: { enabled: true } },
      }),
    ],
  });
  const titles = async (term: string): Promise<string[]> => {
    const { body } = await request(server)
      .get('/api/search/query')
      .query({ term });
    return (body.results ?? []).map(
      ({ document }: { document: { title: string } }) => document.title,
    );
  };
  const index = () => scheduler.triggerTask('search_index_k8s');
  return { subjects: suite.subjects, titles, permissions, index };
}

it('indexes all pages as the service of the search, and shows only what the permission is given for', async () => {
  const { subjects, titles, permissions, index } = await startPortal();
  await index();
  expect(await titles('web')).toEqual(['my-web']);
  expect([...subjects]).toEqual(['plugin:search']);
  const refs = permissions.authorize.mock.calls.flatMap(([requests]) =>
    requests.map(({ resourceRef }) => resourceRef),
  );
  expect(new Set(refs)).toEqual(
    new Set(['c1/services./shop/my-web', 'c1/services./shop/hidden-web']),
  );
});
