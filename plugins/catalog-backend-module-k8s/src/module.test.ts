import { setTimeout as sleep } from 'node:timers/promises';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { JsonObject } from '@backstage/types';
import { suiteStandIn } from '@backstage-k8s/plugin-k8s-node/testUtils';
import Router from 'express-promise-router';
import request from 'supertest';
import catalogModuleK8s from '.';
import type { CatalogCluster } from './clusterEntity';

const cluster = (id: string, name: string): CatalogCluster => ({
  id,
  name,
  status: 'healthy',
  labels: { environment: 'test' },
  protected: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  entityRef: `resource:default/${id}`,
});

/** Still listed, but removed when it is looked at more closely. */
const GHOST = 'ghost';

/** The registry's side of the API, with clusters that a test can change. */
async function startPortal(config: JsonObject = {}) {
  const registry = new Map([
    ['dev-eu', cluster('dev-eu', 'dev-eu')],
    ['dev-us', cluster('dev-us', 'dev-us')],
  ]);
  let published: EventsService | undefined;
  const routes = Router();
  routes.get('/clusters', (_, res) => {
    res.json({ clusters: [...registry.values()] });
  });
  routes.get('/clusters/:id', (req, res) => {
    const found = registry.get(req.params.id);
    if (!found || found.id === GHOST)
      throw new NotFoundError('No such cluster');
    res.json({ ...found, server: `https://${found.id}`, caData: 'CA' });
  });
  const suite = suiteStandIn(routes);
  const publisher = createBackendPlugin({
    pluginId: 'publisher',
    register(registration) {
      registration.registerInit({
        deps: { events: eventsServiceRef },
        async init({ events }) {
          published = events;
        },
      });
    },
  });
  const { server } = await startTestBackend({
    features: [
      catalogPlugin,
      catalogModuleK8s,
      suite.feature,
      publisher,
      // The mock has a bus for each plugin.
      eventsServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          events: { useEventBus: 'never' },
          catalog: {
            processingInterval: { seconds: 30 },
            stitchingStrategy: { pollingInterval: { milliseconds: 50 } },
          },
          ...config,
        },
      }),
    ],
  });
  const entities = async (filter: string): Promise<Entity[]> => {
    const { body } = await request(server)
      .get('/api/catalog/entities')
      .query({ filter });
    return body;
  };
  const clusterNames = async () =>
    (await entities('kind=resource'))
      .map(({ metadata }) => metadata.name)
      .sort();
  const hint = (id: string, action: 'upserted' | 'removed') =>
    published?.publish({
      topic: 'k8s.clusters',
      eventPayload: { id, action },
    });
  const { subjects } = suite;
  return { registry, subjects, entities, clusterNames, hint };
}

const POLL_MS = 100;
const PATIENCE_MS = 20_000;
jest.setTimeout(3 * PATIENCE_MS);

/** Waits until an assertion holds. */
async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}

it('shows clusters as they come, change and go, and asks as the catalog', async () => {
  const { registry, subjects, entities, clusterNames, hint } =
    await startPortal();
  await eventually(async () =>
    expect(await clusterNames()).toEqual(['dev-eu', 'dev-us']),
  );

  registry.set('new', cluster('new', 'New'));
  await hint('new', 'upserted');
  await eventually(async () =>
    expect(await clusterNames()).toEqual(['dev-eu', 'dev-us', 'new']),
  );

  registry.set('dev-eu', {
    ...cluster('dev-eu', 'Renamed'),
    owner: 'user:a/b',
  });
  await hint('dev-eu', 'upserted');
  await eventually(async () =>
    expect(await entities('metadata.name=dev-eu')).toMatchObject([
      {
        metadata: { title: 'Renamed' },
        spec: { type: 'kubernetes-cluster', owner: 'user:a/b' },
        relations: [{ type: 'ownedBy', targetRef: 'user:a/b' }],
      },
    ]),
  );

  registry.delete('dev-us');
  await hint('dev-us', 'removed');
  await eventually(async () =>
    expect(await clusterNames()).toEqual(['dev-eu', 'new']),
  );
  expect([...subjects]).toEqual(['plugin:catalog']);
});

it('shows the API with the whole OpenAPI document', async () => {
  const { entities } = await startPortal({
    k8s: { catalog: { defaultOwner: 'group:default/platform' } },
  });
  await eventually(async () =>
    expect(await entities('kind=api')).toMatchObject([
      {
        metadata: { name: 'k8s' },
        spec: {
          type: 'openapi',
          owner: 'group:default/platform',
          definition: expect.stringMatching(
            /^openapi: 3[^]*\/clusters\/\{id\}\/health:/,
          ),
        },
      },
    ]),
  );
});

it('shows addresses only when it is configured to', async () => {
  const { registry, entities, clusterNames, hint } = await startPortal({
    k8s: { catalog: { annotations: true } },
  });
  registry.set(GHOST, cluster(GHOST, 'Ghost'));
  await eventually(async () =>
    expect(await entities('metadata.name=dev-eu')).toMatchObject([
      {
        metadata: {
          annotations: {
            'backstage-k8s.io/api-server': 'https://dev-eu',
            'backstage-k8s.io/api-server-ca': 'Q0E=',
          },
        },
      },
    ]),
  );
  await hint(GHOST, 'upserted');
  registry.delete('dev-us');
  await hint('dev-us', 'removed');
  await eventually(async () =>
    expect(await clusterNames()).toEqual(['dev-eu']),
  );
});
