/**
 * One change on several real clusters: planned, made and audited cluster by cluster, by who may where, while one of them does
 * not answer.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer, Call } from './support/TestPortal.ts';

const EU = 'dev-eu';
const US = 'dev-us';
const SUFFIX = randomBytes(4).toString('hex');
const NAMESPACE = `many-${SUFFIX}`;
const BOTH = `cluster=${encodeURIComponent('region in (eu,us)')}`;
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const BACK_WITHIN_MS = 60_000;
/** Sees both clusters, changes what is in one of them. */
const NARROW = { token: 'token-of-the-narrow-service' };
const SPEC = {
  replicas: 1,
  selector: { matchLabels: { app: 'web' } },
  template: {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
  },
};

let portal: TestPortal;
const ids: Record<string, string> = {};

const WEB = `/resources/apps/deployments/${NAMESPACE}/web`;
const settings = (name: string) =>
  `/resources/core/configmaps/${NAMESPACE}/${name}`;
const manifest = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE },
  data,
});

async function ok(route: string, call: Call = { as: 'operator' }) {
  const answer = await portal.call(route, call);
  assert.equal(answer.status, 200, `${route}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** By the name of the cluster: what was answered of it. */
function byCluster(body: Answer['body']): Record<string, Answer['body']> {
  return Object.fromEntries(
    [...body.items, ...body.errors].map(one => [one.cluster.name, one]),
  );
}

const objectOf = async (cluster: string, path: string) =>
  (await ok(`GET /clusters/${ids[cluster]}${path}`)).object;

const restartedAt = async (cluster: string): Promise<string | undefined> =>
  (await objectOf(cluster, WEB)).spec.template.metadata.annotations?.[
    RESTARTED_AT
  ];

async function auditOf(action: string): Promise<Answer['body'][]> {
  const { entries } = await ok('GET /audit?limit=500', { as: 'admin' });
  return entries.filter(
    (entry: Answer['body']) =>
      entry.action === action && entry.resource?.namespace === NAMESPACE,
  );
}

before(async () => {
  portal = await TestPortal.start({
    config: {
      backend: {
        auth: {
          externalAccess: [
            {
              type: 'static',
              options: { token: NARROW.token, subject: 'external:narrow' },
            },
          ],
        },
      },
      k8s: {
        catalog: { defaultOwner: 'user:default/owner' },
        permission: {
          services: [
            { subject: 'plugin:catalog', role: 'K8sViewer' },
            { subject: 'external:narrow', role: 'K8sViewer' },
            {
              subject: 'external:narrow',
              role: 'K8sOperator',
              clusters: { matchLabels: { region: 'eu' } },
            },
          ],
        },
      },
    },
  });
  for (const name of [EU, US]) {
    const kubeconfig = await portalCommand('cluster', 'kubeconfig', name);
    const { id } = await ok('POST /clusters', {
      as: 'admin',
      body: {
        name,
        kubeconfig,
        labels: { region: name.slice(4) },
        ...(name === EU && { owner: 'user:default/owner' }),
      },
    });
    ids[name] = id;
    await ok(`POST /clusters/${id}/namespaces`, {
      as: 'operator',
      body: { name: NAMESPACE },
    });
    await ok(`POST /clusters/${id}/resources/apps/deployments`, {
      as: 'operator',
      body: {
        manifest: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web', namespace: NAMESPACE },
          spec: SPEC,
        },
      },
    });
  }
});

after(async () => {
  for (const id of Object.values(ids)) {
    await portal.call(`DELETE /clusters/${id}/namespaces/${NAMESPACE}`, {
      as: 'operator',
    });
  }
  await portal?.stop();
});

describe('a change of many clusters', () => {
  test('is planned for each, and changes nothing', async () => {
    const body = await ok(`POST ${WEB}/actions/scale?${BOTH}&dryRun=true`, {
      as: 'operator',
      body: { replicas: 2 },
    });
    assert.deepEqual(body.errors, []);
    for (const name of [EU, US]) {
      const item = byCluster(body)[name];
      assert.equal(item.cluster.id, ids[name]);
      assert.equal(item.status, 'planned');
      assert.deepEqual(
        item.plan.changes.map(
          ({ path, before, after: then }: Answer['body']) => [
            path,
            before,
            then,
          ],
        ),
        [['spec.replicas', 1, 2]],
      );
      assert.equal((await objectOf(name, WEB)).spec.replicas, 1);
    }
    assert.deepEqual(await auditOf('deployment.scale'), []);
  });

  test('is made on each, and each is audited by itself', async () => {
    const body = await ok(`POST ${WEB}/actions/scale?${BOTH}`, {
      as: 'operator',
      body: { replicas: 2 },
    });
    for (const name of [EU, US]) {
      assert.equal(byCluster(body)[name].status, 'done');
      assert.equal((await objectOf(name, WEB)).spec.replicas, 2);
    }
    const entries = await auditOf('deployment.scale');
    assert.deepEqual(
      entries.map(({ clusterName, outcome }) => [clusterName, outcome]).sort(),
      [
        [EU, 'succeeded'],
        [US, 'succeeded'],
      ],
    );
    assert.equal(new Set(entries.map(({ requestId }) => requestId)).size, 1);
  });

  test('is one effect on each for one key, however often it is sent', async () => {
    const generations = () =>
      Promise.all(
        [EU, US].map(
          async name => (await objectOf(name, WEB)).metadata.generation,
        ),
      );
    const earlier = await generations();
    const send = () =>
      portal.call(`POST ${WEB}/actions/restart?${BOTH}`, {
        as: 'operator',
        body: {},
        headers: { 'Idempotency-Key': `restart-${SUFFIX}` },
      });
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    assert.ok(answers.some(({ status }) => status === 200));
    for (const { status } of answers) assert.ok([200, 409].includes(status));
    const again = await send();
    assert.equal(again.status, 200);
    assert.equal(again.body.items.length, 2);
    assert.deepEqual(
      await generations(),
      earlier.map(generation => generation + 1),
    );
    const other = await portal.call(`POST ${WEB}/actions/pause?${BOTH}`, {
      as: 'operator',
      body: {},
      headers: { 'Idempotency-Key': `restart-${SUFFIX}` },
    });
    assert.equal(other.status, 422);
  });

  test('applies and deletes on each; who does not have it is no failure of the others', async () => {
    const shared = manifest('shared', { a: '1' });
    const planned = await ok(`PUT ${settings('shared')}?${BOTH}&dryRun=true`, {
      as: 'operator',
      body: { manifest: shared },
    });
    assert.deepEqual(
      planned.items.map(({ plan }: Answer['body']) => plan.before),
      [null, null],
    );
    await ok(`PUT ${settings('shared')}?${BOTH}`, {
      as: 'operator',
      body: { manifest: shared },
    });
    assert.deepEqual((await objectOf(US, settings('shared'))).data, {
      a: '1',
    });
    const going = await ok(`DELETE ${settings('shared')}?${BOTH}&dryRun=true`);
    for (const name of [EU, US]) {
      const { plan } = byCluster(going)[name];
      assert.deepEqual(plan.before.data, { a: '1' });
      assert.equal(plan.after, null);
    }
    await ok(`DELETE /clusters/${ids[US]}${settings('shared')}`);
    const gone = await ok(`DELETE ${settings('shared')}?${BOTH}`);
    assert.deepEqual(
      gone.items.map(({ cluster, status }: Answer['body']) => [
        cluster.name,
        status,
      ]),
      [[EU, 'done']],
    );
    assert.equal(byCluster(gone)[US].status, 404);
    assert.match(byCluster(gone)[US].error, /shared/);
    const left = await portal.call(
      `GET /clusters/${ids[EU]}${settings('shared')}`,
      { as: 'operator' },
    );
    assert.equal(left.status, 404);
  });

  test('creates, reads and patches on each; who has it already or not at all is told of by itself', async () => {
    const CONFIG_MAPS = '/resources/core/configmaps';
    const made = { manifest: manifest('made', { a: '1' }) };
    const planned = await ok(`POST ${CONFIG_MAPS}?${BOTH}&dryRun=true`, {
      as: 'operator',
      body: made,
    });
    for (const name of [EU, US]) {
      assert.equal(byCluster(planned)[name].plan.before, null);
    }
    await ok(`POST /clusters/${ids[US]}${CONFIG_MAPS}`, {
      as: 'operator',
      body: made,
    });
    const create: Call = {
      as: 'operator',
      body: made,
      headers: { 'Idempotency-Key': `create-${SUFFIX}` },
    };
    const created = await ok(`POST ${CONFIG_MAPS}?${BOTH}`, create);
    assert.equal(byCluster(created)[EU].status, 'done');
    assert.equal(byCluster(created)[US].status, 409);
    assert.match(byCluster(created)[US].error, /already exists/);
    // One effect for one key: not a conflict with itself.
    assert.deepEqual(
      (await ok(`POST ${CONFIG_MAPS}?${BOTH}`, create)).items,
      created.items,
    );
    // What was in the way is gone: the same request goes on where it was refused.
    await ok(`DELETE /clusters/${ids[US]}${settings('made')}`);
    const mended = await ok(`POST ${CONFIG_MAPS}?${BOTH}`, create);
    assert.deepEqual(byCluster(mended)[EU], byCluster(created)[EU]);
    assert.equal(byCluster(mended)[US].status, 'done');

    const patch = { data: { b: '2' } };
    const patched = await ok(`PATCH ${settings('made')}?${BOTH}`, {
      as: 'operator',
      body: { patch },
    });
    const read = await ok(`GET ${settings('made')}?${BOTH}`);
    assert.deepEqual(read.errors, []);
    for (const name of [EU, US]) {
      assert.equal(byCluster(patched)[name].status, 'done');
      const { cluster, object, row, columns, owners, cache } =
        byCluster(read)[name];
      assert.equal(cluster.id, ids[name]);
      assert.deepEqual(object.data, { a: '1', b: '2' });
      assert.equal(row.cluster, ids[name]);
      assert.equal(row.cells.length, columns.length);
      assert.ok(owners.length > 0);
      assert.equal(cache.state, 'live');
    }
    for (const [action, clusters] of [
      ['configmap.create', [EU, US, US, US, US]],
      ['configmap.patch', [EU, US]],
    ] as const) {
      assert.deepEqual(
        (await auditOf(action)).map(({ clusterName }) => clusterName).sort(),
        clusters,
        action,
      );
    }

    await ok(`DELETE /clusters/${ids[US]}${settings('made')}`);
    for (const [route, body] of [
      [`GET ${settings('made')}?${BOTH}`, undefined],
      [`PATCH ${settings('made')}?${BOTH}&dryRun=true`, { patch }],
    ] as const) {
      const half = await ok(route, { as: 'operator', body });
      assert.deepEqual(
        half.items.map(({ cluster }: Answer['body']) => cluster.name),
        [EU],
      );
      assert.equal(byCluster(half)[US].status, 404);
      assert.match(byCluster(half)[US].error, /made/);
    }
  });

  test('is not of the version of one of them', async () => {
    const object = manifest('shared', {});
    const metadata = { ...object.metadata, resourceVersion: '1' };
    const versioned = { manifest: { ...object, metadata } };
    for (const [route, body] of [
      [`PUT ${settings('shared')}`, versioned],
      ['POST /resources/core/configmaps', versioned],
      [`PATCH ${settings('shared')}`, { patch: { metadata } }],
      [`PATCH ${settings('shared')}`, { patch: {}, resourceVersion: '1' }],
    ] as const) {
      const answer = await portal.call(`${route}?${BOTH}`, {
        as: 'operator',
        body,
      });
      assert.equal(answer.status, 400, route);
    }
  });

  test('says which action its kind has not, cluster by cluster', async () => {
    const body = await ok(`POST ${WEB}/actions/run?${BOTH}`, {
      as: 'operator',
      body: {},
    });
    for (const name of [EU, US]) {
      assert.equal(byCluster(body)[name].status, 400);
      assert.match(byCluster(body)[name].error, /restart/);
    }
  });
});

describe('the clusters of a change', () => {
  for (const [query, status] of [
    ['', 400],
    ['?cluster=', 400],
    ['?cluster=%20', 400],
    ['?cluster=region%20in%20(', 400],
    ['?cluster=region%3Dmars', 404],
  ] as const) {
    test(`are a ${status} for "${query}"`, async () => {
      const answer = await portal.call(`POST ${WEB}/actions/restart${query}`, {
        as: 'operator',
        body: {},
      });
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    });
  }

  test('are those that one may see: others are as if they did not exist', async () => {
    const restart = (cluster: string) =>
      portal.call(`POST ${WEB}/actions/restart?dryRun=true&${cluster}`, {
        as: 'owner',
        body: {},
      });
    const { status, body } = await restart(BOTH);
    assert.equal(status, 200);
    assert.deepEqual(
      body.items.map(({ cluster }: Answer['body']) => cluster.name),
      [EU],
    );
    assert.deepEqual(body.errors, []);
    const hidden = await restart(`cluster=id%3D${ids[US]}`);
    const unknown = await restart('cluster=id%3Dn0n0n0n0n0');
    assert.equal(hidden.status, 404);
    assert.deepEqual(hidden.body.error, unknown.body.error);
  });

  test('are refused by name where one may see but not change, and the others are changed', async () => {
    const earlier = await restartedAt(US);
    const body = await ok(`POST ${WEB}/actions/restart?${BOTH}`, {
      ...NARROW,
      body: {},
    });
    assert.equal(byCluster(body)[EU].status, 'done');
    assert.equal(byCluster(body)[US].status, 403);
    assert.match(byCluster(body)[US].error, /K8sOperator/);
    assert.equal(await restartedAt(US), earlier);
    const refused = (await auditOf('deployment.restart')).filter(
      ({ actor, outcome }) =>
        actor === 'external:narrow' && outcome === 'refused',
    );
    assert.deepEqual(
      refused.map(({ clusterName }) => clusterName),
      [US],
    );
  });

  test('refuse a viewer, each with the role that is missing', async () => {
    for (const route of [
      `POST ${WEB}/actions/restart?${BOTH}`,
      `DELETE ${settings('shared')}?${BOTH}&dryRun=true`,
    ]) {
      const body = await ok(route, {
        as: 'viewer',
        ...(route.startsWith('POST') && { body: {} }),
      });
      assert.deepEqual(body.items, []);
      for (const name of [EU, US]) {
        assert.equal(byCluster(body)[name].status, 403);
        assert.match(byCluster(body)[name].error, /K8sOperator/);
      }
    }
  });
});

describe('a cluster that does not answer', () => {
  test('is told of, holds up nobody, and is changed by the same request when it is back', async () => {
    const call: Call = {
      as: 'operator',
      body: {},
      headers: { 'Idempotency-Key': `paused-${SUFFIX}` },
    };
    const route = `POST ${WEB}/actions/restart?${BOTH}`;
    const before_ = { eu: await restartedAt(EU), us: await restartedAt(US) };
    await portalCommand('cluster', 'pause', US);
    let changed: string | undefined;
    try {
      const plan = await ok(`${route}&dryRun=true`, {
        as: 'operator',
        body: {},
      });
      assert.equal(byCluster(plan)[EU].status, 'planned');
      assert.equal(byCluster(plan)[US].status, 503);
      const body = await ok(route, call);
      assert.equal(byCluster(body)[EU].status, 'done');
      assert.equal(byCluster(body)[US].status, 503);
      changed = await restartedAt(EU);
      assert.notEqual(changed, before_.eu);
    } finally {
      await portalCommand('cluster', 'resume', US);
    }
    const giveUpAt = Date.now() + BACK_WITHIN_MS;
    for (;;) {
      const { status, body } = await portal.call(route, call);
      if (status === 200 && body.errors.length === 0) break;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(body));
      await sleep(1_000);
    }
    assert.notEqual(await restartedAt(US), before_.us);
    // Not a second time where it was done.
    assert.equal(await restartedAt(EU), changed);
  });
});
