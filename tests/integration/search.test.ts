/**
 * The search over all clusters, on real ones: what is found by name, image and label, by whom, and what a cluster that is away does to
 * it; and the same objects in Backstage's own search. Nobody finds what they may not see.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TcpProxy } from './support/TcpProxy.ts';
import { TestPortal } from './support/TestPortal.ts';

const SEEN_WITHIN_MS = 60_000;
/** The index of Backstage's search is made anew now and then, and waits for clusters. */
const INDEXED_WITHIN_MS = 240_000;
const SUFFIX = randomBytes(4).toString('hex');
/** Part of the names of everything here. */
const NAME = `find-${SUFFIX}`;
const OPEN = `${NAME}-open`;
const CLOSED = `${NAME}-closed`;
const IMAGE = `registry.example/team-${SUFFIX}/api:1.2-RC1`;

let portal: TestPortal;
let proxy: TcpProxy;
const ids: Record<string, string> = {};

interface Group {
  kind: string;
  total: number;
  items: {
    cluster: string;
    namespace?: string;
    name: string;
    match: { by: string; text?: string };
  }[];
}

const search = (user: DemoUser | undefined, query: Record<string, string>) =>
  portal.call(`GET /search?${new URLSearchParams(query)}`, { as: user });

/** What was found, e.g. `Deployment eu find-1-open/find-1-web`. */
const told = ({ groups }: { groups: Group[] }) =>
  groups.flatMap(({ kind, items }) =>
    items.map(({ cluster, namespace, name }) => {
      const place = Object.keys(ids).find(one => ids[one] === cluster);
      return `${kind} ${place} ${[namespace, name].filter(Boolean).join('/')}`;
    }),
  );

/** Searches until every cluster has been read once; then what is found is all there is. */
async function found(
  user: DemoUser | undefined,
  query: Record<string, string>,
  isSo: (body: ReturnType<typeof JSON.parse>) => boolean = () => true,
) {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const { status, body } = await search(user, query);
    assert.equal(status, 200, JSON.stringify(body));
    const isRead = body.clusters.every(
      (one: { cache: { state: string } }) => one.cache.state !== 'syncing',
    );
    if (isRead && isSo(body)) return body;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(body));
    await sleep(300);
  }
}

async function register(name: string, server?: string): Promise<void> {
  const config = parse(
    await portalCommand('cluster', 'kubeconfig', `dev-${name}`),
  );
  if (server) config.clusters[0].cluster.server = server;
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: {
      name: `dev-${name}`,
      kubeconfig: stringify(config),
      labels: { region: name },
      ...(name === 'us' && { owner: 'user:default/owner' }),
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  ids[name] = body.id;
}

async function create(place: string, manifest: Record<string, unknown>) {
  const { apiVersion, kind } = manifest as Record<string, string>;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
  const { status, body } = await portal.call(
    `POST /clusters/${ids[place]}/resources/${group}/${kind.toLowerCase()}s`,
    { as: 'admin', body: { manifest } },
  );
  assert.equal(status, 200, JSON.stringify(body));
}

function deployment(namespace: string, name: string, image: string) {
  const labels = { app: `${NAME}-app` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', image }] },
      },
    },
  };
}

const plain = (kind: string, namespace: string, name: string, more = {}) => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, namespace } },
  ...more,
});

before(async () => {
  const usConfig = parse(
    await portalCommand('cluster', 'kubeconfig', 'dev-us'),
  );
  proxy = await TcpProxy.to(usConfig.clusters[0].cluster.server);
  portal = await TestPortal.start({
    config: {
      search: {
        collators: {
          k8s: {
            kinds: ['deployments.apps', 'services', 'namespaces'],
            schedule: {
              frequency: { seconds: 5 },
              initialDelay: { seconds: 1 },
              timeout: { minutes: 1 },
            },
          },
        },
      },
      k8s: {
        permission: {
          bindings: [
            { role: 'K8sAdmin', users: ['user:default/admin'] },
            {
              role: 'K8sViewer',
              users: ['user:default/viewer'],
              clusters: { matchLabels: { region: 'eu' } },
            },
            {
              role: 'K8sOperator',
              users: ['user:default/operator'],
              namespaces: [OPEN],
            },
            { role: 'K8sClusterOwner', users: ['user:default/owner'] },
          ],
        },
      },
    },
  });
  await register('eu');
  await register('us', proxy.url);
  for (const place of ['eu', 'us']) {
    for (const namespace of [OPEN, CLOSED]) {
      await create(place, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      await create(place, deployment(namespace, `${NAME}-web`, IMAGE));
    }
    await create(
      place,
      plain('Service', OPEN, `${NAME}-web`, {
        spec: { ports: [{ port: 80 }], selector: { app: 'x' } },
      }),
    );
    await create(place, deployment(OPEN, `other-${SUFFIX}`, 'nginx:1.27'));
    await create(
      place,
      plain('Secret', OPEN, `${NAME}-keys`, {
        metadata: {
          name: `${NAME}-keys`,
          namespace: OPEN,
          labels: { owner: `secret-${SUFFIX}` },
        },
        stringData: { password: `password-${SUFFIX}` },
      }),
    );
  }
});

after(async () => {
  if (proxy) proxy.mode = 'pass';
  for (const id of Object.values(ids)) {
    for (const namespace of [OPEN, CLOSED]) {
      await portal
        .call(`DELETE /clusters/${id}/namespaces/${namespace}`, { as: 'admin' })
        .catch(() => undefined);
    }
  }
  await portal?.stop();
  await proxy?.close();
});

const of = (place: string, ...namespaces: string[]) => [
  ...namespaces.map(one => `Deployment ${place} ${one}/${NAME}-web`),
  ...namespaces.map(one => `Namespace ${place} ${one}`),
  ...(namespaces.includes(OPEN)
    ? [
        `Secret ${place} ${OPEN}/${NAME}-keys`,
        `Service ${place} ${OPEN}/${NAME}-web`,
      ]
    : []),
];
const kinds = 'deployments.apps,services,namespaces,secrets';

describe('who finds what', () => {
  const EXPECTED: Record<DemoUser, string[]> = {
    admin: [...of('eu', OPEN, CLOSED), ...of('us', OPEN, CLOSED)],
    viewer: of('eu', OPEN, CLOSED),
    operator: [...of('eu', OPEN), ...of('us', OPEN)],
    owner: of('us', OPEN, CLOSED),
  };
  for (const user of ['admin', 'viewer', 'operator', 'owner'] as const) {
    test(user, async () => {
      const expected = EXPECTED[user].sort();
      const body = await found(
        user,
        { q: NAME, kinds, limit: '50' },
        ({ total }) => total >= expected.length,
      );
      // By the labels of `other-…` too, which is called otherwise.
      const named = told(body).filter(one => !one.includes(`/other-`));
      assert.deepEqual(named.sort(), expected);
      const places = body.clusters.map(({ id }: { id: string }) => id);
      const hidden = Object.values(ids).filter(id => !places.includes(id));
      const text = JSON.stringify(body);
      for (const id of hidden) assert.ok(!text.includes(id), text);
      assert.equal(
        hidden.length,
        user === 'viewer' || user === 'owner' ? 1 : 0,
      );
      if (hidden.includes(ids.us)) assert.ok(!text.includes('dev-us'), text);
      if (hidden.includes(ids.eu)) assert.ok(!text.includes('dev-eu'), text);
      if (user === 'operator') assert.ok(!text.includes(CLOSED), text);
    });
  }

  test('nobody without a token', async () => {
    assert.equal((await search(undefined, { q: NAME })).status, 401);
  });
});

describe('what is found', () => {
  test('exact names come before beginnings, these before images and labels', async () => {
    const body = await found('admin', { q: OPEN });
    assert.equal(body.groups[0].kind, 'Namespace');
    assert.equal(body.groups[0].items[0].match.by, 'name');
    const byName = await found('admin', {
      q: `${NAME}-web`,
      cluster: 'region=eu',
    });
    assert.deepEqual(
      byName.groups.map(({ kind }: Group) => kind),
      ['Deployment', 'Service'],
    );
  });

  for (const text of [IMAGE, `team-${SUFFIX}`, `TEAM-${SUFFIX}/API:1.2`]) {
    test(`by the image ${text.replace(SUFFIX, 'X')}`, async () => {
      const body = await found('admin', { q: text, kinds: 'deployments.apps' });
      const items: Group['items'] = body.groups[0].items;
      assert.equal(body.total, 4);
      for (const { name, match } of items) {
        assert.equal(name, `${NAME}-web`);
        assert.deepEqual(match, { by: 'image', text: IMAGE });
      }
    });
  }

  for (const text of [`app=${NAME}-app`, `app=${NAME}`, `${SUFFIX}-app`]) {
    test(`by the label ${text.replace(SUFFIX, 'X')}`, async () => {
      const body = await found('admin', {
        q: text,
        kinds: 'deployments.apps',
        cluster: `id=${ids.eu}`,
      });
      assert.equal(body.total, 3);
      for (const { match } of body.groups[0].items) {
        assert.deepEqual(match, { by: 'label', text: `app=${NAME}-app` });
      }
    });
  }

  test('a Secret by its name only, and nothing of what it holds', async () => {
    const byName = await found('admin', { q: `${NAME}-keys` });
    assert.deepEqual(told(byName).sort(), [
      `Secret eu ${OPEN}/${NAME}-keys`,
      `Secret us ${OPEN}/${NAME}-keys`,
    ]);
    for (const q of [
      `secret-${SUFFIX}`,
      `owner=secret-${SUFFIX}`,
      `password-${SUFFIX}`,
    ]) {
      assert.equal((await found('admin', { q })).total, 0, q);
    }
  });

  test('a custom resource while somebody reads its kind', async () => {
    const group = `g${SUFFIX}.example.org`;
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        ],
      },
    };
    await create('eu', definition);
    const list = `/clusters/${ids.eu}/resources/${group}/widgets`;
    try {
      const giveUpAt = Date.now() + SEEN_WITHIN_MS;
      while (
        (await portal.call(`GET ${list}`, { as: 'admin' })).status !== 200
      ) {
        assert.ok(Date.now() < giveUpAt, 'the kind is not there');
        await sleep(500);
      }
      await create('eu', {
        ...plain('Widget', OPEN, `${NAME}-widget`),
        apiVersion: `${group}/v1`,
      });
      const body = await found(
        'viewer',
        { q: `${NAME}-wid` },
        ({ total }) => total > 0,
      );
      assert.deepEqual(told(body), [`Widget eu ${OPEN}/${NAME}-widget`]);
      assert.equal(body.groups[0].custom, true);
      const other = await found('owner', { q: `${NAME}-wid` });
      assert.deepEqual(other.groups, []);
    } finally {
      await portal.call(
        `DELETE /clusters/${ids.eu}/resources/apiextensions.k8s.io/customresourcedefinitions/_/widgets.${group}`,
        { as: 'admin' },
      );
    }
  });

  test('so much of each kind, and how much there is', async () => {
    const body = await found('admin', { q: NAME, kinds, limit: '1' });
    const deployments = body.groups.find(
      ({ kind }: Group) => kind === 'Deployment',
    );
    assert.equal(deployments.items.length, 1);
    // With those that are found by their labels.
    assert.equal(deployments.total, 6);
  });
});

for (const [name, query] of [
  ['no text', {}],
  ['a short text', { q: 'a' }],
  ['a text of blanks', { q: '    ' }],
  ['a long text', { q: 'a'.repeat(101) }],
  ['a kind that can be none', { q: NAME, kinds: 'Pods' }],
  ['many kinds', { q: NAME, kinds: Array(40).fill('pods').join(',') }],
  ['a limit of nothing', { q: NAME, limit: '0' }],
  ['a limit beyond bounds', { q: NAME, limit: '501' }],
  ['a selector that cannot be read', { q: NAME, cluster: '=' }],
  ['what it does not know', { q: NAME, sort: 'name' }],
] as const) {
  test(`refuses ${name}`, async () => {
    const { status, body } = await search('admin', query);
    assert.equal(status, 400, JSON.stringify(body));
  });
}

describe("Backstage's own search", () => {
  const ask = async (user: DemoUser | undefined, term: string) => {
    const query = new URLSearchParams({ term, 'types[0]': 'k8s' });
    const answer = await fetch(`${portal.url}/api/search/query?${query}`, {
      headers: {
        ...(user && { Authorization: `Bearer ${await portal.token(user)}` }),
      },
    });
    return { status: answer.status, text: await answer.text() };
  };
  /** Those that are called so; it finds what is called alike too. */
  const documents = (text: string) =>
    JSON.parse(text)
      .results.map(
        ({ document }: { document: Record<string, string> }) => document,
      )
      .filter(
        ({ title }: Record<string, string>) => title === `${NAME}-web`,
      ) as Record<string, string>[];

  test('finds the objects of all clusters for who may see all of them', async () => {
    const giveUpAt = Date.now() + INDEXED_WITHIN_MS;
    for (;;) {
      const { status, text } = await ask('admin', `${NAME}-web`);
      // Until something is in the index there is none.
      assert.ok(
        status === 200 || text.includes('MissingIndexError'),
        `${status} ${text}`,
      );
      const all = status === 200 ? documents(text) : [];
      if (all.length === 6) {
        const path = `object/core/services/${OPEN}/${NAME}-web`;
        const location = `/k8s/clusters/${ids.us}/${path}`;
        assert.ok(
          all.some(one => one.location === location),
          text,
        );
        break;
      }
      assert.ok(Date.now() < giveUpAt, text);
      await sleep(2_000);
    }
  });

  for (const [user, hidden] of [
    ['viewer', 'us'],
    ['owner', 'eu'],
  ] as const) {
    test(`finds for the ${user} nothing of the cluster that is hidden`, async () => {
      const { status, text } = await ask(user, `${NAME}-web`);
      assert.equal(status, 200, text);
      assert.equal(documents(text).length, 3, text);
      assert.ok(!text.includes(ids[hidden]), text);
      assert.ok(!text.includes(`dev-${hidden}`), text);
    });
  }

  test('finds for the operator only what is in the open namespace', async () => {
    const { text } = await ask('operator', `${NAME}-web`);
    assert.equal(documents(text).length, 4, text);
    assert.ok(!text.includes(CLOSED), text);
  });

  test('has no Secrets, and nothing for nobody', async () => {
    const { status, text } = await ask('admin', `${NAME}-keys`);
    assert.equal(status, 200, text);
    assert.ok(!text.includes(`"${NAME}-keys"`), text);
    assert.ok(!text.includes('"Secret"'), text);
    assert.equal((await ask(undefined, NAME)).status, 401);
  });
});

test('a cluster that is away holds up nobody: what was last seen of it is found, with its age', async () => {
  proxy.mode = 'blackHole';
  try {
    const body = await found('admin', { q: NAME, kinds, limit: '50' }, one => {
      const us = one.clusters.find(({ id }: { id: string }) => id === ids.us);
      return us.cache.state === 'stale';
    });
    const us = body.clusters.find(({ id }: { id: string }) => id === ids.us);
    assert.ok(Date.parse(us.cache.asOf) > 0, JSON.stringify(us));
    const eu = body.clusters.find(({ id }: { id: string }) => id === ids.eu);
    assert.equal(eu.cache.state, 'live');
    for (const one of [...of('eu', OPEN), ...of('us', OPEN)]) {
      assert.ok(told(body).includes(one), one);
    }
  } finally {
    proxy.mode = 'pass';
  }
});
