/**
 * Objects of any kind by the REST API, on a real cluster: a kind that nobody has heard of is discovered, made, changed and
 * deleted; workloads are scaled, restarted and rolled back by one path; and who may not is refused.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { KubernetesClient } from '../../dev/portal/clusters/KubernetesClient.ts';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer, Call } from './support/TestPortal.ts';

const SEEN_WITHIN_MS = 30_000;
const SUFFIX = randomBytes(4).toString('hex');
const NAMESPACE = `objects-${SUFFIX}`;
/** Nobody has heard of it. */
const GROUP = `g${SUFFIX}.example.org`;

let portal: TestPortal;
let kubernetes: KubernetesClient;
let cluster: string;

const WIDGETS = `/resources/${GROUP}/widgets`;
const widget = (name: string) => `${WIDGETS}/${NAMESPACE}/${name}`;
const object = (group: string, plural: string, name: string) =>
  `/resources/${group}/${plural}/${NAMESPACE}/${name}`;

/** A call as an operator; the route is below the cluster. */
function call(route: string, body?: unknown, more: Call = {}): Promise<Answer> {
  const [method, path] = route.split(' ');
  return portal.call(`${method} /clusters/${cluster}${path}`, {
    as: 'operator',
    ...(body !== undefined && { body }),
    ...more,
  });
}

/** A call that has to succeed. */
async function ok(route: string, body?: unknown, more?: Call) {
  const answer = await call(route, body, more);
  assert.equal(answer.status, 200, `${route}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A call that has to be refused so; answers the error. */
async function refused(
  status: number,
  route: string,
  body?: unknown,
  more?: Call,
) {
  const answer = await call(route, body, more);
  assert.equal(
    answer.status,
    status,
    `${route}: ${JSON.stringify(answer.body)}`,
  );
  return answer.body.error as {
    message: string;
    details?: Record<string, unknown>;
  };
}

async function until<T>(
  read: () => Promise<T>,
  isSo: (value: T) => boolean,
): Promise<T> {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(value));
    await sleep(200);
  }
}

const definition = () => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      shortNames: ['wdg'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
          },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  color: { type: 'string', description: 'What it looks like' },
                  replicas: { type: 'integer' },
                },
              },
              status: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          {
            name: 'Color',
            type: 'string',
            jsonPath: '.spec.color',
            priority: 1,
          },
          {
            name: 'Ready',
            type: 'string',
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
          {
            name: 'Age',
            type: 'date',
            jsonPath: '.metadata.creationTimestamp',
          },
        ],
      },
    ],
  },
});

const manifest = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Widget',
  metadata: { name, namespace: NAMESPACE, ...metadata },
  spec: { size: 3, color: 'red', ...spec },
});

const template = (image: string) => ({
  metadata: { labels: { app: 'objects' } },
  spec: { containers: [{ name: 'app', image }] },
});

const workload = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: NAMESPACE },
  spec: {
    selector: { matchLabels: { app: 'objects' } },
    template: template('registry.example/shop/app:1'),
    ...spec,
  },
});

const widgetPath = (name: string) =>
  `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/widgets/${name}`;

before(async () => {
  portal = await TestPortal.start();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const admin = parse(
    await portalCommand(
      ...['cluster', 'kubeconfig', 'dev-eu', '--role', 'cluster-admin'],
    ),
  );
  const { server, 'certificate-authority-data': ca } =
    admin.clusters[0].cluster;
  kubernetes = new KubernetesClient({
    server,
    certificateAuthority: Buffer.from(ca, 'base64').toString('utf8'),
    token: admin.users[0].user.token,
  });
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  await ok('POST /namespaces', { name: NAMESPACE });
});

after(async () => {
  if (cluster) {
    await call(`DELETE /namespaces/${NAMESPACE}`);
    await call(
      `DELETE /resources/apiextensions.k8s.io/customresourcedefinitions/_/widgets.${GROUP}`,
      undefined,
      { as: 'admin' },
    );
  }
  await portal?.stop();
});

test('an RBAC object whose name holds colons is found as it is called', async () => {
  const roles = '/resources/rbac.authorization.k8s.io/clusterroles/_';
  for (const name of ['system:node', encodeURIComponent('system:node')]) {
    const { object: role } = await ok(`GET ${roles}/${name}`, undefined, {
      as: 'admin',
    });
    assert.equal(role.metadata.name, 'system:node');
  }
  await refused(400, `GET ${roles}/system%2Fnode`, undefined, { as: 'admin' });
});

describe('kinds', () => {
  test('are those that the cluster serves, with what can be done to them', async () => {
    const { kinds, cache } = await ok('GET /kinds', undefined, {
      as: 'viewer',
    });
    assert.equal(cache.state, 'live', JSON.stringify(cache));
    const find = (plural: string, group: string) =>
      kinds.find(
        (kind: { plural: string; group: string }) =>
          kind.plural === plural && kind.group === group,
      );
    const deployments = find('deployments', 'apps');
    assert.equal(deployments.kind, 'Deployment');
    assert.equal(deployments.version, 'v1');
    assert.equal(deployments.namespaced, true);
    assert.equal(deployments.category, 'workload');
    assert.equal(deployments.custom, false);
    assert.deepEqual(deployments.shortNames, ['deploy']);
    assert.deepEqual(deployments.actions, [
      ...['scale', 'restart', 'pause', 'resume', 'rollback', 'logs'],
    ]);
    assert.ok(
      deployments.columns.some(
        (column: object) => 'id' in column && column.id === 'ready',
      ),
    );
    for (const kind of kinds) {
      assert.ok(kind.verbs.includes('list'), kind.plural);
      for (const column of kind.columns) {
        assert.ok(!('path' in column) && !('cell' in column));
      }
    }
    assert.equal(find('nodes', '').category, 'cluster');
    assert.equal(find('horizontalpodautoscalers', 'autoscaling').version, 'v2');
    assert.equal(find('tokenreviews', 'authentication.k8s.io'), undefined);
  });

  test('have a schema that refers to nothing outside itself', async () => {
    const { schema } = await ok('GET /kinds/apps/deployments/schema');
    const text = JSON.stringify(schema);
    const names = [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(
      match => match[1],
    );
    assert.ok(names.length > 10);
    for (const name of names) assert.ok(name in schema.definitions, name);
    assert.ok(!text.includes('#/components/'));
    assert.ok(schema.properties.spec);
    // Only what a Deployment is made of.
    assert.ok(Object.keys(schema.definitions).length < 200);
    await refused(404, 'GET /kinds/apps/nothings/schema');
  });
});

describe('a kind that nobody has heard of', () => {
  test('is unknown until its definition is there', async () => {
    await refused(404, `GET ${widget('one')}`);
    await refused(
      403,
      `POST ${WIDGETS}`,
      { manifest: manifest('one') },
      {
        as: 'viewer',
      },
    );
  });

  test('is discovered with its columns, actions and schema', async () => {
    const created = await ok(
      'POST /resources/apiextensions.k8s.io/customresourcedefinitions',
      { manifest: definition() },
      { as: 'admin' },
    );
    assert.equal(created.status, 'done');
    // Asked for, it is looked for at once.
    await until(
      () => call(`GET ${widget('one')}`),
      ({ body }) => /"one" not found/.test(body.error?.message),
    );
    const kind = await until(
      async () =>
        (
          await ok('GET /kinds')
        ).kinds.find(({ group }: { group: string }) => group === GROUP),
      found => found !== undefined,
    );
    assert.equal(kind.custom, true);
    assert.equal(kind.category, 'custom');
    assert.deepEqual(kind.shortNames, ['wdg']);
    assert.deepEqual(kind.actions, ['scale']);
    assert.deepEqual(kind.columns, [
      { id: 'size', title: 'Size', type: 'number' },
      { id: 'color', title: 'Color', type: 'text', wide: true },
      { id: 'ready', title: 'Ready', type: 'text' },
    ]);
    const { schema } = await until(
      async () => (await call(`GET /kinds/${GROUP}/widgets/schema`)).body,
      body => body.schema !== undefined,
    );
    assert.equal(
      schema.properties.spec.properties.color.description,
      'What it looks like',
    );
  });

  test('is planned and created, and shows its cells and owners', async () => {
    const body = { manifest: manifest('one') };
    const plan = await ok(`POST ${WIDGETS}?dryRun=true`, body);
    assert.equal(plan.status, 'planned');
    assert.equal(plan.plan.before, null);
    assert.equal(plan.plan.after.spec.size, 3);
    await refused(404, `GET ${widget('one')}`);

    const created = await ok(`POST ${WIDGETS}`, body);
    assert.deepEqual(
      { name: created.name, namespace: created.namespace },
      { name: 'one', namespace: NAMESPACE },
    );
    assert.match((await refused(409, `POST ${WIDGETS}`, body)).message, /one/);

    const got = await ok(`GET ${widget('one')}`, undefined, { as: 'viewer' });
    assert.deepEqual(got.object.spec, { size: 3, color: 'red' });
    assert.equal(got.object.metadata.managedFields, undefined);
    assert.deepEqual(got.row.cells, [3, 'red', null]);
    assert.equal(got.row.resourceVersion, created.resourceVersion);
    assert.deepEqual(got.row.health, { state: 'unknown' });
    const [owner] = got.owners;
    assert.equal(owner.manager, 'backstage-k8s');
    assert.ok(owner.paths.includes('spec.size'), JSON.stringify(owner));

    await kubernetes.call(
      'PATCH',
      `${widgetPath('one')}/status?fieldManager=widget-controller`,
      {
        body: {
          status: {
            conditions: [{ type: 'Ready', status: 'False', reason: 'TooBig' }],
          },
        },
        contentType: 'application/merge-patch+json',
      },
    );
    const later = await ok(`GET ${widget('one')}`);
    assert.deepEqual(later.row.cells, [3, 'red', 'False']);
    assert.equal(later.row.health.state, 'degraded');
    assert.equal(later.row.health.word, 'TooBig');
  });

  test('is applied as a whole; what is left out of it goes', async () => {
    await ok(`PUT ${widget('two')}`, { manifest: manifest('two') });
    const plan = await ok(`PUT ${widget('two')}?dryRun=true`, {
      manifest: manifest('two', { color: undefined, size: 4 }),
    });
    assert.deepEqual(
      plan.plan.changes.map(({ path }: { path: string }) => path).sort(),
      ['spec.color', 'spec.size'],
    );
    assert.equal(plan.conflicts, undefined);
    await ok(`PUT ${widget('two')}`, {
      manifest: manifest('two', { color: undefined, size: 4 }),
    });
    const { object: after } = await ok(`GET ${widget('two')}`);
    assert.deepEqual(after.spec, { size: 4 });
  });

  test('conflicts name the field and its owner, until it is forced', async () => {
    await kubernetes.call(
      'PATCH',
      `${widgetPath('two')}?fieldManager=kubectl-edit`,
      {
        body: { spec: { size: 9 } },
        contentType: 'application/merge-patch+json',
      },
    );
    const body = { manifest: manifest('two', { color: undefined, size: 5 }) };
    const plan = await ok(`PUT ${widget('two')}?dryRun=true`, body);
    assert.deepEqual(plan.conflicts, [
      { path: 'spec.size', owner: 'kubectl-edit' },
    ]);
    assert.deepEqual(
      plan.plan.changes.map(
        ({ path, before, after }: Record<string, unknown>) => ({
          ...{ path, before, after },
        }),
      ),
      [{ path: 'spec.size', before: 9, after: 5 }],
    );
    const error = await refused(409, `PUT ${widget('two')}`, body);
    assert.match(error.message, /spec\.size \(kubectl-edit\)/);
    assert.deepEqual(error.details?.conflicts, plan.conflicts);
    await ok(`PUT ${widget('two')}`, { ...body, force: true });
    const { object: after } = await ok(`GET ${widget('two')}`);
    assert.equal(after.spec.size, 5);
  });

  test('an apply that read another version is a conflict', async () => {
    const { object: read } = await ok(`GET ${widget('two')}`);
    const { resourceVersion } = read.metadata;
    await ok(`PATCH ${widget('two')}`, { patch: { spec: { size: 6 } } });
    await refused(409, `PUT ${widget('two')}`, {
      manifest: manifest('two', { size: 7 }, { resourceVersion }),
      force: true,
    });
  });

  test('a part of it is patched, in the version that was read', async () => {
    const { row } = await ok(`GET ${widget('two')}`);
    const patch = { spec: { color: 'blue' } };
    const plan = await ok(`PATCH ${widget('two')}?dryRun=true`, { patch });
    assert.equal(plan.status, 'planned');
    assert.equal(plan.plan.changes[0].path, 'spec.color');
    const { resourceVersion } = row;
    const done = await ok(`PATCH ${widget('two')}`, { patch, resourceVersion });
    assert.notEqual(done.resourceVersion, resourceVersion);
    await refused(409, `PATCH ${widget('two')}`, { patch, resourceVersion });
    const { object: after } = await ok(`GET ${widget('two')}`);
    assert.deepEqual(after.spec, { size: 6, color: 'blue' });
  });

  test('what the schema forbids is a 400 that names the field', async () => {
    const { message } = await refused(400, `PATCH ${widget('two')}`, {
      patch: { spec: { size: 0 } },
    });
    assert.match(message, /spec\.size/);
  });

  test('its replicas are set where its definition says so', async () => {
    await ok(`POST ${widget('two')}/actions/scale`, { replicas: 4 });
    const { object: after } = await ok(`GET ${widget('two')}`);
    assert.equal(after.spec.replicas, 4);
    const { message } = await refused(
      400,
      `POST ${widget('two')}/actions/restart`,
      {},
    );
    assert.match(message, /A Widget has no action restart; it has scale/);
    await refused(400, `POST ${widget('two')}/actions/scale`, {});
  });

  test('is deleted, in the version that was read, and tried before', async () => {
    const { row } = await ok(`GET ${widget('two')}`);
    await ok(`DELETE ${widget('two')}?dryRun=true`);
    await ok(`GET ${widget('two')}`);
    await refused(409, `DELETE ${widget('two')}?resourceVersion=1`);
    await refused(409, `DELETE ${widget('two')}?uid=other`);
    assert.deepEqual(
      await ok(
        `DELETE ${widget('two')}?resourceVersion=${row.resourceVersion}&uid=${
          row.uid
        }&propagation=Foreground`,
      ),
      { success: true },
    );
    // What is deleted in the foreground stays until what it owns is gone.
    await until(
      () => call(`GET ${widget('two')}`),
      ({ status }) => status === 404,
    );
    await refused(404, `DELETE ${widget('two')}`);
  });

  test('every change is in the audit by the name of its kind', async () => {
    const { body } = await portal.call(
      `GET /audit?cluster=${cluster}&limit=200`,
      { as: 'admin' },
    );
    const actions = new Set(
      body.entries.map(({ action }: { action: string }) => action),
    );
    for (const action of [...['create', 'apply', 'patch', 'scale', 'delete']]) {
      assert.ok(actions.has(`widget.${action}`), [...actions].join());
    }
  });
});

describe('workloads', () => {
  const statefulSet = workload('StatefulSet', 'set', {
    replicas: 1,
    serviceName: 'set',
  });

  async function roll(plural: string, name: string, kind: string) {
    const path = object('apps', plural, name);
    const revisions = async () => (await ok(`GET ${path}/revisions`)).revisions;
    await until(revisions, found => found.length === 1);
    const live = await ok(`GET ${path}`);
    // What names none requests the defaults.
    assert.deepEqual(
      live.object.spec.template.spec.containers[0].resources.requests,
      { cpu: '100m', memory: '256Mi' },
    );
    await ok(`PATCH ${path}`, {
      patch: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'registry.example/shop/app:2',
                  env: [{ name: 'ADDED', value: 'later' }],
                },
              ],
            },
          },
        },
      },
    });
    const [second, first] = await until(
      revisions,
      found => found.length === 2 && found[0].current,
    );
    assert.equal(second.containers[0].image, 'registry.example/shop/app:2');
    assert.equal(first.containers[0].image, 'registry.example/shop/app:1');

    const { message } = await refused(404, `POST ${path}/actions/rollback`, {
      revision: 99,
    });
    assert.match(message, /no revision 99; its revisions are 1, 2/);
    const body = { revision: first.revision };
    const plan = await ok(`POST ${path}/actions/rollback?dryRun=true`, body);
    assert.ok(
      plan.plan.changes.some(({ path: at }: { path: string }) =>
        /containers\[name=app\]\.env/.test(at),
      ),
      JSON.stringify(plan.plan.changes),
    );
    await ok(`POST ${path}/actions/rollback`, body);
    const back = await ok(`GET ${path}`);
    const [container] = back.object.spec.template.spec.containers;
    assert.equal(container.image, 'registry.example/shop/app:1', kind);
    assert.equal(container.env, undefined, 'the variable is gone');
    assert.deepEqual(container.resources.requests, {
      ...{ cpu: '100m', memory: '256Mi' },
    });
    await until(
      revisions,
      found =>
        found.length === 2 &&
        found[0].containers[0].image === 'registry.example/shop/app:1',
    );

    await ok(`POST ${path}/actions/restart`, {});
    const restarted = await ok(`GET ${path}`);
    const { metadata, spec } = restarted.object.spec.template;
    assert.ok(metadata.annotations['kubectl.kubernetes.io/restartedAt']);
    assert.equal(spec.containers.length, 1, 'the containers are still there');
  }

  test('a StatefulSet is created, changed, rolled back and restarted', async () => {
    await ok('POST /resources/apps/statefulsets', { manifest: statefulSet });
    await roll('statefulsets', 'set', 'StatefulSet');
  });

  test('a DaemonSet is created, changed, rolled back and restarted', async () => {
    await ok(`PUT ${object('apps', 'daemonsets', 'daemon')}`, {
      manifest: workload('DaemonSet', 'daemon'),
    });
    await roll('daemonsets', 'daemon', 'DaemonSet');
    const { message } = await refused(
      400,
      `POST ${object('apps', 'daemonsets', 'daemon')}/actions/scale`,
      { replicas: 2 },
    );
    assert.match(message, /it has restart, rollback$/);
  });

  test('a Deployment too, by the same path; it is paused and resumed', async () => {
    const path = object('apps', 'deployments', 'web');
    await ok('POST /resources/apps/deployments', {
      manifest: workload('Deployment', 'web', { replicas: 1 }),
    });
    await roll('deployments', 'web', 'Deployment');
    await ok(`POST ${path}/actions/pause`, {});
    const paused = await until(
      () => ok(`GET ${path}`),
      ({ row }) => row.health.word === 'Paused',
    );
    assert.equal(paused.row.health.state, 'suspended');
    await ok(`POST ${path}/actions/resume`, {});
    assert.notEqual((await ok(`GET ${path}`)).object.spec.paused, true);
    await ok(`POST ${path}/actions/scale`, { replicas: 2 });
    assert.equal((await ok(`GET ${path}`)).object.spec.replicas, 2);
  });

  test('replicas that an autoscaler rules are left to it', async () => {
    await ok('POST /resources/autoscaling/horizontalpodautoscalers', {
      manifest: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'ruler', namespace: NAMESPACE },
        spec: {
          scaleTargetRef: {
            apiVersion: 'apps/v1',
            kind: 'StatefulSet',
            name: 'set',
          },
          minReplicas: 1,
          maxReplicas: 3,
          metrics: [],
        },
      },
    });
    const scale = (plural: string, name: string) =>
      call(`POST ${object('apps', plural, name)}/actions/scale`, {
        replicas: 1,
      });
    const answer = await until(
      () => scale('statefulsets', 'set'),
      ({ status }) => status === 409,
    );
    assert.match(answer.body.error.message, /HorizontalPodAutoscaler ruler/);
    // Of the same name, of another kind.
    assert.equal((await scale('deployments', 'web')).status, 200);
  });

  test('a CronJob is suspended and run now, once per request', async () => {
    const path = object('batch', 'cronjobs', 'nightly');
    await ok('POST /resources/batch/cronjobs', {
      manifest: {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly', namespace: NAMESPACE },
        spec: {
          schedule: '0 3 1 1 *',
          jobTemplate: {
            metadata: { labels: { from: 'nightly' } },
            spec: {
              template: {
                spec: {
                  restartPolicy: 'Never',
                  containers: [
                    { name: 'job', image: 'registry.example/job:1' },
                  ],
                },
              },
            },
          },
        },
      },
    });
    const { object: cronJob } = await ok(`GET ${path}`);
    assert.deepEqual(
      cronJob.spec.jobTemplate.spec.template.spec.containers[0].resources
        .requests,
      { cpu: '100m', memory: '256Mi' },
    );
    await ok(`POST ${path}/actions/suspend`, {});
    assert.equal((await ok(`GET ${path}`)).row.health.state, 'suspended');
    await ok(`POST ${path}/actions/unsuspend`, {});

    const plan = await ok(`POST ${path}/actions/run?dryRun=true`, {});
    assert.equal(plan.status, 'planned');
    const headers = { 'Idempotency-Key': `run-${SUFFIX}` };
    const first = await ok(`POST ${path}/actions/run`, {}, { headers });
    const again = await ok(`POST ${path}/actions/run`, {}, { headers });
    assert.deepEqual(again, first);
    const { name } = first.created;
    assert.match(name, /^nightly-manual-/);
    const { object: job } = await ok(`GET ${object('batch', 'jobs', name)}`);
    assert.deepEqual(job.metadata.ownerReferences, [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        name: 'nightly',
        uid: cronJob.metadata.uid,
        controller: true,
      },
    ]);
    assert.equal(job.metadata.labels.from, 'nightly');
    const { items } = await kubernetes.call<{ items: unknown[] }>(
      'GET',
      `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`,
    );
    assert.equal(items.length, 1);
  });

  test('what a workload owns is left alone where that is wanted', async () => {
    const path = object('apps', 'deployments', 'web');
    await ok(`DELETE ${path}?propagation=Orphan`);
    await until(
      () => call(`GET ${path}`),
      ({ status }) => status === 404,
    );
    const { items } = await kubernetes.call<{ items: unknown[] }>(
      'GET',
      `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`,
    );
    assert.ok(items.length > 0);
  });
});

describe('the values of a Secret', () => {
  const path = object('core', 'secrets', 'key');
  const VALUE = Buffer.from(`planted-${SUFFIX}`).toString('base64');
  const secret = (data: object) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key', namespace: NAMESPACE },
    type: 'Opaque',
    data,
  });

  test('are in no answer, and are not erased by sending back what was shown', async () => {
    const answers = [
      await ok('POST /resources/core/secrets?dryRun=true', {
        manifest: secret({ password: VALUE }),
      }),
      await ok('POST /resources/core/secrets', {
        manifest: secret({ password: VALUE }),
      }),
      await ok(`GET ${path}`),
      await ok(`PUT ${path}?dryRun=true`, {
        manifest: secret({ password: VALUE, user: VALUE }),
      }),
      await ok(`PATCH ${path}`, { patch: { data: { user: VALUE } } }),
    ];
    const [, , { object: shown, row }] = answers;
    for (const answer of answers) {
      assert.ok(!JSON.stringify(answer).includes(VALUE));
    }
    assert.deepEqual(shown.data, { password: '' });
    assert.equal(row.cells[1], 1);
    const { message } = await refused(400, `PUT ${path}`, { manifest: shown });
    assert.match(message, /data\.password is empty/);
    const { data } = await kubernetes.call(
      'GET',
      `/api/v1/namespaces/${NAMESPACE}/secrets/key`,
    );
    assert.deepEqual(data, { password: VALUE, user: VALUE });
    const audit = await portal.call(`GET /audit?cluster=${cluster}&limit=200`, {
      as: 'admin',
    });
    assert.ok(!JSON.stringify(audit.body).includes(VALUE));
    assert.match(JSON.stringify(audit.body), /"secret\.patch"/);
  });
});

describe('refused is', () => {
  const role = (namespace: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'refused', namespace },
    rules: [],
  });
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'refused', namespace: NAMESPACE },
    spec: { podSelector: {} },
  };
  const configMap = (namespace: string, name = 'refused') => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { a: 'b' },
  });

  const CHANGES: [string, DemoUser, string, unknown?][] = [
    [
      'a viewer, whatever it changes',
      'viewer',
      'POST /resources/core/configmaps',
      { manifest: configMap(NAMESPACE) },
    ],
    [
      'a viewer who tries it first',
      'viewer',
      `PUT ${object('core', 'configmaps', 'refused')}?dryRun=true`,
      { manifest: configMap(NAMESPACE) },
    ],
    [
      'a viewer who patches',
      'viewer',
      `PATCH ${object('core', 'configmaps', 'refused')}`,
      { patch: {} },
    ],
    [
      'a viewer who deletes',
      'viewer',
      `DELETE ${object('core', 'configmaps', 'refused')}`,
    ],
    [
      'a viewer who restarts',
      'viewer',
      `POST ${object('apps', 'statefulsets', 'set')}/actions/restart`,
      {},
    ],
    [
      'an operator who gives rights',
      'operator',
      'POST /resources/rbac.authorization.k8s.io/roles',
      { manifest: role(NAMESPACE) },
    ],
    [
      'an operator who sets a policy',
      'operator',
      'POST /resources/networking.k8s.io/networkpolicies',
      { manifest: policy },
    ],
    [
      'an operator in a namespace of the system',
      'operator',
      'PUT /resources/core/configmaps/kube-system/refused',
      { manifest: configMap('kube-system') },
    ],
    [
      'an operator who creates in a namespace of the system',
      'operator',
      'POST /resources/core/configmaps',
      { manifest: configMap('kube-system') },
    ],
    [
      'an operator who defines kinds',
      'operator',
      'POST /resources/apiextensions.k8s.io/customresourcedefinitions',
      { manifest: definition() },
    ],
    [
      'an operator who changes a node',
      'operator',
      'PATCH /resources/core/nodes/_/some-node',
      { patch: { spec: { unschedulable: true } } },
    ],
    [
      'an operator who changes the Pod Security level of a namespace',
      'operator',
      `PATCH /resources/core/namespaces/_/${NAMESPACE}`,
      {
        patch: {
          metadata: {
            labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
          },
        },
      },
    ],
  ];
  for (const [who, as, route, body] of CHANGES) {
    test(`${who} (403)`, async () => {
      const { message } = await refused(403, route, body, { as });
      assert.match(message, as === 'viewer' ? /K8sOperator/ : /K8sAdmin/);
    });
  }

  test('what is refused is in the audit', async () => {
    const { body } = await portal.call(
      `GET /audit?cluster=${cluster}&limit=200`,
      { as: 'admin' },
    );
    const found = body.entries.filter(
      ({ outcome }: { outcome: string }) => outcome === 'refused',
    );
    const actions = found.map(({ action }: { action: string }) => action);
    for (const action of [
      ...['configmap.create', 'configmap.apply', 'configmap.delete'],
      ...['statefulset.restart', 'role.create', 'networkpolicy.create'],
    ]) {
      assert.ok(actions.includes(action), `${action}: ${actions.join()}`);
    }
  });

  const WRONG: [string, string, unknown?][] = [
    [
      'a name that the kind does not allow',
      `DELETE ${object('core', 'configmaps', 'No_Name')}`,
    ],
    [
      'a name of a Service with a dot',
      `DELETE ${object('core', 'services', 'a.b')}`,
    ],
    ['a path in a name', `DELETE ${object('core', 'configmaps', 'a%2Fb')}`],
    [
      'a namespace that is none',
      'GET /resources/core/configmaps/No_Namespace/a',
    ],
    ['a sub-resource as a plural', 'GET /resources/core/pods%2Fexec/default/a'],
    ['a sub-resource as a name', `GET ${object('core', 'pods', 'a%2Fexec')}`],
    ['no namespace', 'GET /resources/core/configmaps/_/a'],
    ['a namespace of what is in none', `GET ${object('core', 'nodes', 'a')}`],
    [
      'another name in the manifest',
      `PUT ${object('core', 'configmaps', 'a')}`,
      { manifest: configMap(NAMESPACE, 'b') },
    ],
    [
      'another namespace in the manifest',
      `PUT ${object('core', 'configmaps', 'refused')}`,
      { manifest: configMap('default') },
    ],
    [
      'another kind in the manifest',
      `PUT ${object('core', 'configmaps', 'refused')}`,
      { manifest: { ...configMap(NAMESPACE), kind: 'Secret' } },
    ],
    [
      'another group in the manifest',
      `PUT ${object('core', 'configmaps', 'refused')}`,
      { manifest: { ...configMap(NAMESPACE), apiVersion: 'apps/v1' } },
    ],
    [
      'a version that there is not',
      `PUT ${object('core', 'configmaps', 'refused')}`,
      { manifest: { ...configMap(NAMESPACE), apiVersion: 'v7' } },
    ],
    [
      'a manifest without a name',
      'POST /resources/core/configmaps',
      { manifest: { ...configMap(NAMESPACE), metadata: {} } },
    ],
    [
      'a name that is no text',
      'POST /resources/core/configmaps',
      {
        manifest: {
          ...configMap(NAMESPACE),
          metadata: { name: { a: 1 }, namespace: NAMESPACE },
        },
      },
    ],
    ...(
      [
        { metadata: { name: 'other' } },
        { metadata: { namespace: 'default' } },
        { kind: 'Secret' },
        { apiVersion: 'v2' },
        { metadata: { managedFields: [{}] } },
        { metadata: 'text' },
      ] as object[]
    ).map((patch): [string, string, unknown] => [
      `the patch ${JSON.stringify(patch)}`,
      `PATCH ${object('core', 'configmaps', 'refused')}`,
      { patch },
    ]),
    [
      'an action that nothing has',
      `POST ${object('apps', 'statefulsets', 'set')}/actions/explode`,
      {},
    ],
    [
      'a query with a namespace of its own',
      `GET ${object('core', 'configmaps', 'a')}?namespace=default`,
    ],
  ];
  for (const [what, route, body] of WRONG) {
    test(`${what} (400)`, async () => {
      await refused(400, route, body);
    });
  }

  for (const route of [
    `GET ${object('core', 'pods', 'a')}/exec`,
    `GET ${object('core', 'pods', 'a')}/log`,
    `POST ${object('core', 'pods', 'a')}/eviction`,
    `PUT ${object('apps', 'deployments', 'a')}/scale`,
    'GET /resources/core/services/default/a/proxy',
    'POST /resources/core/serviceaccounts/default/a/token',
  ]) {
    test(`the sub-resource ${route}: there is no such route`, async () => {
      const { status } = await call(
        route,
        route.startsWith('P') ? {} : undefined,
      );
      assert.ok([404, 405].includes(status), String(status));
    });
  }
});
