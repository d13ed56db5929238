/**
 * Other parts of the portal know of clusters too: the catalog, the search, events, notifications, the permission plugin. None of them
 * tells of a cluster to somebody who may not see it, or gives anybody its credential.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

/** The search reads the catalog now and then. */
const FOUND_WITHIN_MS = 240_000;
const NAME = `hidden-${randomBytes(4).toString('hex')}`;

let portal: TestPortal;
let id: string;
/** Of the entity. */
let uid: string;
let server: string;
let token: string;

/** A call of any plugin; `PATH` without a body is read, with one sent. */
async function ask(
  user: DemoUser | undefined,
  route: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const [method, path] = route.split(' ');
  const answer = await fetch(`${portal.url}/api/${path}`, {
    method,
    headers: {
      ...(user && { Authorization: `Bearer ${await portal.token(user)}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Where the cluster can be found by who may see it; `:uid` and `:id` are filled in. */
const PLACES: readonly (readonly [string, unknown?])[] = [
  ['GET catalog/entities'],
  ['GET catalog/entities?filter=kind=resource'],
  ['GET catalog/entities/by-query?limit=500'],
  [
    `GET catalog/entities/by-query?fullTextFilterFields=metadata.name&fullTextFilterTerm=${NAME}`,
  ],
  [`GET catalog/entities/by-name/resource/default/${NAME}`],
  ['GET catalog/entities/by-uid/:uid'],
  [
    'POST catalog/entities/by-refs',
    { entityRefs: [`resource:default/${NAME}`] },
  ],
  ['GET catalog/entity-facets?facet=metadata.name'],
  [
    'GET catalog/entity-facets?facet=metadata.annotations.backstage-k8s.io/cluster-id',
  ],
  [`GET search/query?term=${NAME}`],
];

/** Where nobody finds anything, whoever asks. */
const CLOSED: readonly (readonly [string, unknown?])[] = [
  ['GET kubernetes/clusters'],
  ['GET kubernetes/proxy/api/v1/namespaces'],
  ['POST kubernetes/services/payments', {}],
  ['PUT events/bus/v1/subscriptions/spy', { topics: ['k8s.clusters'] }],
  ['GET events/bus/v1/subscriptions/spy/events'],
  ['POST events/http/k8s.clusters', { id: 'x', action: 'removed' }],
];

const filled = (route: string) => route.replace(':uid', uid).replace(':id', id);

before(async () => {
  portal = await TestPortal.start({
    config: {
      search: {
        collators: {
          catalog: {
            schedule: {
              frequency: { seconds: 5 },
              timeout: { minutes: 1 },
              initialDelay: { seconds: 1 },
            },
          },
        },
      },
      k8s: {
        catalog: { annotations: true },
        permission: {
          bindings: [{ role: 'K8sAdmin', users: ['user:default/admin'] }],
        },
      },
    },
  });
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const config = parse(kubeconfig);
  server = config.clusters[0].cluster.server;
  token = config.users[0].user.token;
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: NAME, kubeconfig, owner: 'group:default/platform' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  id = body.id;
});

after(() => portal?.stop());

test('who may see the cluster finds it in each place, and never its credential', async () => {
  const giveUpAt = Date.now() + FOUND_WITHIN_MS;
  const byName = `GET catalog/entities/by-name/resource/default/${NAME}`;
  for (;;) {
    const { status, text } = await ask('admin', byName);
    if (status === 200) {
      uid = JSON.parse(text).metadata.uid;
      break;
    }
    assert.ok(Date.now() < giveUpAt, text);
    await sleep(500);
  }
  for (const [route, body] of PLACES) {
    for (;;) {
      const { text } = await ask('admin', filled(route), body);
      assert.ok(!text.includes(token), route);
      // The question must not be taken for the answer.
      if (text.includes(NAME) || text.includes(id)) break;
      assert.ok(Date.now() < giveUpAt, `${route}: ${text.slice(0, 500)}`);
      await sleep(2000);
    }
  }
});

for (const user of ['viewer', 'owner', undefined] as const) {
  describe(user ?? 'nobody', () => {
    for (const [route, body] of PLACES) {
      test(`finds nothing at ${route.replace(NAME, 'NAME')}`, async () => {
        const { status, text } = await ask(user, filled(route), body);
        if (!user) assert.ok([401, 403].includes(status), text);
        const said = text
          // Errors repeat what was asked for.
          .replaceAll(`resource:default/${NAME}`, '')
          .replaceAll(`/resource/default/${NAME}`, '')
          .replaceAll(`term=${NAME}`, '')
          .replaceAll(`Term=${NAME}`, '');
        assert.ok(status >= 400 || !said.includes(NAME), text);
        for (const secret of [id, server, token]) {
          assert.ok(!text.includes(secret), text);
        }
      });
    }
  });
}

test('nobody is told of clusters by events or by another plugin for Kubernetes', async () => {
  for (const user of ['viewer', 'admin', undefined] as const) {
    for (const [route, body] of CLOSED) {
      const { status, text } = await ask(user, route, body);
      assert.ok(
        [401, 403, 404].includes(status),
        `${route} as ${user}: ${status} ${text}`,
      );
    }
  }
  const { body } = await portal.call('GET /clusters', { as: 'admin' });
  assert.equal(body.clusters.length, 1, 'a made-up event had an effect');
});

test('the permission plugin says the same as the registry', async () => {
  const authorize = async (user: DemoUser) => {
    const { status, text } = await ask(user, 'POST permission/authorize', {
      items: [
        {
          id: 'a',
          permission: {
            type: 'resource',
            name: 'k8s.cluster.read',
            attributes: { action: 'read' },
            resourceType: 'k8s-cluster',
          },
          resourceRef: id,
        },
      ],
    });
    assert.equal(status, 200, text);
    return JSON.parse(text).items[0].result;
  };
  assert.equal(await authorize('admin'), 'ALLOW');
  assert.equal(await authorize('viewer'), 'DENY');
});

test('a notification about the cluster goes to its owner only', async () => {
  for (const user of ['viewer', 'owner'] as const) {
    const { text } = await ask(user, 'GET notifications/notifications');
    assert.ok(!text.includes(NAME), text);
  }
});
