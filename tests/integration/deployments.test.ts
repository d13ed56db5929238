/**
 * Namespaces and deployments by the REST API, on a real cluster: each row of the fixed API in its exact shape, and what
 * happens when somebody else changes the same objects.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { KubernetesClient } from '../../dev/portal/clusters/KubernetesClient.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer, Call } from './support/TestPortal.ts';

/** Rollouts of the development clusters take seconds; a rollout that fails is known at once. */
const ROLLOUT_TIMEOUT_S = 15;
const SEEN_WITHIN_MS = 20_000;

const NAMESPACE = `deployments-${randomBytes(4).toString('hex')}`;

let portal: TestPortal;
let kubernetes: KubernetesClient;
let cluster: string;

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

/** A call that has to be refused so; answers the message. */
async function refused(
  status: number,
  route: string,
  body?: unknown,
  more?: Call,
): Promise<string> {
  const answer = await call(route, body, more);
  assert.equal(
    answer.status,
    status,
    `${route}: ${JSON.stringify(answer.body)}`,
  );
  return answer.body.error.message;
}

const deployments = `/deployments/${NAMESPACE}`;
const apiPath = (name: string) =>
  `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`;

const spec = (name: string, options: object = {}) => ({
  replicas: 2,
  selector: { matchLabels: { app: name } },
  template: {
    metadata: { labels: { app: name } },
    spec: {
      containers: [
        { name: 'app', image: 'registry.example/shop/app:1' },
        { name: 'mesh', image: 'registry.example/mesh:1' },
      ],
    },
  },
  ...options,
});

const create = (name: string, options: object = {}) =>
  ok('POST /deployments', {
    name,
    namespace: NAMESPACE,
    spec: spec(name, options),
  });

interface LiveDeployment {
  metadata: {
    resourceVersion: string;
    annotations: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec: {
    replicas: number;
    selector: object;
    template: {
      metadata: {
        labels: Record<string, string>;
        annotations?: Record<string, string>;
      };
      spec: {
        containers: {
          name: string;
          image: string;
          env?: { name: string; value: string }[];
          resources: object;
        }[];
        initContainers?: { resources: object }[];
      };
    };
  };
}

/** The deployment as the cluster has it. */
const live = (name: string) =>
  kubernetes.call<LiveDeployment>('GET', apiPath(name));

/** Somebody else's change. */
const kubectl = (name: string, patch: object, manager = 'kubectl-set') =>
  kubernetes.call('PATCH', `${apiPath(name)}?fieldManager=${manager}`, {
    body: patch,
    contentType: 'application/strategic-merge-patch+json',
  });

/** Reads until it holds. */
async function until<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
): Promise<T> {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > giveUpAt) assert.fail(JSON.stringify(value, null, 2));
    await sleep(100);
  }
}

before(async () => {
  portal = await TestPortal.start({
    config: { k8s: { integration: { timeout: ROLLOUT_TIMEOUT_S } } },
  });
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
  if (cluster) await call(`DELETE /namespaces/${NAMESPACE}`);
  await portal?.stop();
});

describe('namespaces', () => {
  const name = `${NAMESPACE}-other`;

  test('are created, listed, relabelled and deleted in the shapes of the API', async () => {
    const labels = { team: 'shop', 'app.example/tier': 'front' };
    const created = await ok('POST /namespaces', { name, labels });
    assert.equal(created.name, name);
    assert.equal(created.status, 'Active');

    const { namespaces } = await ok('GET /namespaces');
    const row = namespaces.find((one: { name: string }) => one.name === name);
    assert.equal(row.status, 'Active');
    assert.equal(row.system, false);
    assert.deepEqual(row.labels, {
      ...labels,
      'kubernetes.io/metadata.name': name,
    });
    const system = namespaces.find(
      (one: { name: string }) => one.name === 'kube-system',
    );
    assert.equal(system.system, true);

    await ok(`PATCH /namespaces/${name}`, { labels: { team: 'other' } });
    const relabelled = await until(
      async () => (await ok('GET /namespaces')).namespaces,
      rows =>
        rows.find((one: { name: string }) => one.name === name).labels.team ===
        'other',
    );
    assert.deepEqual(
      relabelled.find((one: { name: string }) => one.name === name).labels,
      { team: 'other', 'kubernetes.io/metadata.name': name },
    );

    assert.deepEqual(await ok(`DELETE /namespaces/${name}`), { success: true });
    await until(
      async () => (await ok('GET /namespaces')).namespaces,
      rows =>
        (rows.find((one: { name: string }) => one.name === name)?.status ??
          'Terminating') === 'Terminating',
    );
  });

  test('that exist are a conflict, that do not are not found, bad labels are refused', async () => {
    assert.match(
      await refused(409, 'POST /namespaces', { name: NAMESPACE }),
      /exists/,
    );
    await refused(404, 'DELETE /namespaces/no-such-namespace');
    await refused(404, 'PATCH /namespaces/no-such-namespace', { labels: {} });
    assert.match(
      await refused(400, `PATCH /namespaces/${NAMESPACE}`, {
        labels: { team: 'not a value' },
      }),
      /label team/,
    );
  });

  test('are planned without being made', async () => {
    const planned = 'never-made';
    const answer = await ok('POST /namespaces?dryRun=true', { name: planned });
    assert.equal(answer.status, 'planned');
    assert.equal(answer.plan.before, null);
    await refused(404, `DELETE /namespaces/${planned}`);
  });
});

describe('a deployment', () => {
  test('is created with default requests, seen, and deleted', async () => {
    const limits = { cpu: '50m' };
    const wanted = spec('created');
    const answer = await ok('POST /deployments', {
      name: 'created',
      namespace: NAMESPACE,
      labels: { team: 'shop' },
      spec: {
        ...wanted,
        template: {
          ...wanted.template,
          spec: {
            containers: [
              { name: 'app', image: 'a:1', resources: { limits } },
              {
                name: 'mesh',
                image: 'm:1',
                resources: { requests: { cpu: '1m', memory: '1Mi' } },
              },
            ],
            initContainers: [{ name: 'prepare', image: 'p:1' }],
          },
        },
      },
    });
    assert.equal(answer.name, 'created');
    assert.equal(answer.status, 'deployed', JSON.stringify(answer));

    const { containers, initContainers } = (await live('created')).spec.template
      .spec;
    assert.deepEqual(containers[0].resources, {
      limits,
      requests: { cpu: '50m', memory: '256Mi' },
    });
    assert.deepEqual(containers[1].resources, {
      requests: { cpu: '1m', memory: '1Mi' },
    });
    assert.deepEqual(initContainers?.[0].resources, {
      requests: { cpu: '100m', memory: '256Mi' },
    });

    const list = await ok(`GET /deployments?namespace=${NAMESPACE}`);
    const row = list.deployments.find(
      (one: { name: string }) => one.name === 'created',
    );
    assert.equal(row.namespace, NAMESPACE);
    assert.equal(row.replicas, 2);
    assert.equal(row.ready, 2);
    assert.equal(row.rollout.state, 'complete');

    const detail = await ok(`GET ${deployments}/created`);
    assert.equal(detail.pods.length, 2);
    assert.ok(detail.pods.every((pod: { healthy: boolean }) => pod.healthy));
    assert.equal(detail.revisions[0].current, true);
    const { revisions } = await ok(
      `GET /resources/apps/deployments/${NAMESPACE}/created/revisions`,
    );
    const { labels } = revisions[0].template.metadata;
    assert.equal(labels['pod-template-hash'], undefined);
    assert.ok(detail.events.length > 0);

    assert.deepEqual(await ok(`DELETE ${deployments}/created`), {
      success: true,
    });
    await until(
      () => call(`GET ${deployments}/created`),
      ({ status }) => status === 404,
    );
    await refused(404, `DELETE ${deployments}/created`);
  });

  test('that exists is a conflict, also when only planned', async () => {
    await create('twice');
    const body = { name: 'twice', namespace: NAMESPACE, spec: spec('twice') };
    await refused(409, 'POST /deployments', body);
    await refused(409, 'POST /deployments?dryRun=true', body);
  });

  test('in a namespace that does not exist is not found', async () => {
    await refused(404, 'POST /deployments', {
      name: 'lost',
      namespace: 'no-such-namespace',
      spec: spec('lost'),
    });
  });

  test('that is not valid is refused with the field', async () => {
    const body = { name: 'bad', namespace: NAMESPACE };
    assert.match(
      await refused(400, 'POST /deployments', { ...body, spec: {} }),
      /spec\.selector/,
    );
    assert.match(
      await refused(400, 'POST /deployments', {
        ...body,
        spec: { kind: 'Deployment', spec: spec('bad') },
      }),
      /field kind/,
    );
  });

  test('with a field of no or another type is refused by its name alone', async () => {
    await create('typed');
    const place = { name: 'mistyped', namespace: NAMESPACE };
    for (const [change, field] of [
      [{ replicaas: 3 }, /^unknown field "spec\.replicaas"$/],
      [{ replicas: 'three' }, /^spec\.replicas has to be int32, not string$/],
    ] as const) {
      for (const [route, body] of [
        ['POST /deployments', { ...place, spec: spec('mistyped', change) }],
        [`PUT ${deployments}/typed`, { spec: spec('typed', change) }],
      ] as const) {
        assert.match(await refused(400, route, body), field);
      }
    }
    await refused(404, `GET ${deployments}/mistyped`);
  });

  test('keeps its containers when it is scaled, restarted and given an image', async () => {
    await create('whole');
    const before = await live('whole');
    await ok(`POST ${deployments}/whole/scale`, { replicas: 3 });
    await ok(`POST ${deployments}/whole/restart`);
    const answer = await ok(`POST ${deployments}/whole/image`, {
      container: 'mesh',
      image: 'registry.example/mesh:2',
    });
    assert.equal(answer.status, 'deployed');
    const { spec: now } = await live('whole');
    assert.equal(now.replicas, 3);
    assert.deepEqual(
      now.template.spec.containers,
      before.spec.template.spec.containers.map(container =>
        container.name === 'mesh'
          ? { ...container, image: 'registry.example/mesh:2' }
          : container,
      ),
    );
    assert.ok(
      now.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'],
    );
    assert.match(
      await refused(400, `POST ${deployments}/whole/image`, {
        container: 'none',
        image: 'x',
      }),
      /it has app, mesh/,
    );
  });

  test('is replaced as a whole, without replicas keeps them', async () => {
    await create('replaced');
    await ok(`POST ${deployments}/replaced/scale`, { replicas: 4 });
    const { replicas: _, ...rest } = spec('replaced', {
      minReadySeconds: 0,
    });
    rest.template.spec.containers = [{ name: 'app', image: 'only:1' }];
    const answer = await ok(`PUT ${deployments}/replaced`, { spec: rest });
    assert.equal(answer.status, 'deployed', JSON.stringify(answer));
    const { spec: now } = await live('replaced');
    assert.equal(now.replicas, 4);
    assert.deepEqual(
      now.template.spec.containers.map(({ name, image }) => [name, image]),
      [['app', 'only:1']],
    );
  });

  test('has a selector that cannot be changed', async () => {
    await create('fixed');
    assert.match(
      await refused(400, `PUT ${deployments}/fixed`, { spec: spec('other') }),
      /spec\.selector/,
    );
  });

  test('rolls back what kubectl has set, to the whole template', async () => {
    await create('rolled');
    await kubectl('rolled', {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'app', env: [{ name: 'LEFT_OVER', value: 'yes' }] },
            ],
          },
        },
      },
    });
    await until(
      () => ok(`GET ${deployments}/rolled`),
      ({ revision, rollout }) => revision === 2 && rollout.state === 'complete',
    );
    const answer = await ok(`POST ${deployments}/rolled/rollback`, {
      revision: 1,
    });
    assert.equal(answer.success, true);
    const { spec: now } = await live('rolled');
    assert.ok(!JSON.stringify(now.template).includes('LEFT_OVER'));
    assert.ok(!JSON.stringify(now.template).includes('pod-template-hash'));
    // The ReplicaSet's part of it comes by a watch of its own.
    const detail = await until(
      () => ok(`GET ${deployments}/rolled`),
      ({ revision, revisions }) =>
        revision === 3 && revisions[0].revision === 3,
    );
    assert.equal(detail.revisions[0].changeCause, 'roll-back to revision 1');
    assert.match(
      await refused(404, `POST ${deployments}/rolled/rollback`, {
        revision: 99,
      }),
      /no revision 99; its revisions are 2, 3/,
    );
    // A second time changes nothing.
    await ok(`POST ${deployments}/rolled/rollback`, { revision: 3 });
    assert.equal((await ok(`GET ${deployments}/rolled`)).revision, 3);
  });

  test('changed by somebody else meanwhile is a conflict that names them', async () => {
    await create('contended');
    const { metadata } = await live('contended');
    await kubectl(
      'contended',
      { spec: { minReadySeconds: 1 } },
      'somebody-else',
    );
    const { resourceVersion } = metadata;
    for (const [route, body] of [
      [`PUT ${deployments}/contended`, { spec: spec('contended') }],
      [`POST ${deployments}/contended/scale`, { replicas: 1 }],
      [
        `POST ${deployments}/contended/image`,
        { container: 'app', image: 'b:1' },
      ],
    ] as const) {
      const message = await refused(409, route, { ...body, resourceVersion });
      assert.match(message, /somebody-else/);
    }
    await ok(`POST ${deployments}/contended/scale`, { replicas: 1 });
  });

  test('that an autoscaler rules is not scaled, and keeps its replicas', async () => {
    await create('ruled');
    await kubernetes.call(
      'POST',
      `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`,
      {
        body: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'ruler' },
          spec: {
            scaleTargetRef: {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name: 'ruled',
            },
            minReplicas: 2,
            maxReplicas: 5,
          },
        },
      },
    );
    const detail = await until(
      () => ok(`GET ${deployments}/ruled`),
      ({ scaledBy }) => scaledBy !== undefined,
    );
    assert.equal(detail.scaledBy, 'ruler');
    assert.match(
      await refused(409, `POST ${deployments}/ruled/scale`, { replicas: 9 }),
      /ruler rules/,
    );
    await ok(`PUT ${deployments}/ruled`, {
      spec: spec('ruled', { replicas: 9 }),
    });
    assert.equal((await live('ruled')).spec.replicas, 2);
  });
});

describe('the rollout of a deployment', () => {
  test('that cannot come about is failed, with the reason, and the page says so', async () => {
    await create('stuck');
    const answer = await ok(`POST ${deployments}/stuck/image`, {
      container: 'app',
      image: 'registry.example/shop/app:does-not-exist',
    });
    assert.equal(answer.status, 'failed', JSON.stringify(answer));
    assert.match(answer.reason, /app:does-not-exist cannot be pulled/);
    assert.match(answer.reason, /The old version still serves with 2 pods\./);

    const detail = await ok(`GET ${deployments}/stuck`);
    assert.equal(detail.rollout.state, 'stuck');
    assert.match(detail.rollout.code, /ImagePull/);
    const sick = detail.pods[0];
    assert.equal(sick.healthy, false);
    assert.match(sick.reason, /cannot be pulled/);
    // The table of all deployments says it, too.
    const unsettled = async () => {
      const { rows } = await ok(`GET /views/rollouts?namespace=${NAMESPACE}`);
      return rows.find(({ name }: { name: string }) => name === 'stuck');
    };
    const told = await until(unsettled, row => row?.rollout.state === 'stuck');
    assert.match(told.rollout.reason, /cannot be pulled/);

    await ok(`POST ${deployments}/stuck/rollback`, { revision: 1 });
    await until(
      () => ok(`GET ${deployments}/stuck`),
      ({ rollout }) => rollout.state === 'complete',
    );
    await until(unsettled, row => row === undefined);
  });

  const createOf = (name: string, image: string) => {
    const wanted = spec(name);
    wanted.template.spec.containers[0].image = image;
    const body = { name, namespace: NAMESPACE, spec: wanted };
    return ok('POST /deployments', body);
  };

  test('that may still come about is pending, with where to look', async () => {
    const answer = await createOf('waiting', 'registry.example/unready:1');
    assert.equal(answer.status, 'pending', JSON.stringify(answer));
    assert.match(answer.reason, /None of 2 pods is ready: /);
    assert.ok(answer.operation.startsWith('/api/k8s/'));
    const { status } = await portal.call(
      `GET ${answer.operation.slice('/api/k8s'.length)}`,
      { as: 'operator' },
    );
    assert.equal(status, 200);
  });

  test('that came about counts as stuck once its pods crash', async () => {
    await createOf('crashing', 'registry.example/crash:1');
    const { rollout } = await until(
      () => ok(`GET ${deployments}/crashing`),
      detail => detail.rollout.state === 'stuck' && detail.restarts > 0,
    );
    assert.match(rollout.reason, /the container app ends with exit code 1/);
  });

  test('that the namespace has no quota for names the quota', async () => {
    await kubernetes.call(
      'POST',
      `/api/v1/namespaces/${NAMESPACE}/resourcequotas`,
      {
        body: {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'no-gpus' },
          spec: { hard: { 'requests.memory': '900Gi' } },
        },
      },
    );
    const wanted = spec('greedy', { replicas: 1 });
    const body = {
      name: 'greedy',
      namespace: NAMESPACE,
      spec: {
        ...wanted,
        template: {
          ...wanted.template,
          spec: {
            containers: [
              {
                name: 'app',
                image: 'a:1',
                resources: { requests: { memory: '950Gi' } },
              },
            ],
          },
        },
      },
    };
    // The quota counts what there is before it refuses.
    await sleep(2_000);
    const answer = await ok('POST /deployments', body);
    assert.equal(answer.status, 'pending', JSON.stringify(answer));
    assert.match(answer.reason, /quota no-gpus of the namespace is used up/);
  });

  test('that no node has room for says what is missing', async () => {
    const wanted = spec('huge', { replicas: 1 });
    const answer = await ok('POST /deployments', {
      name: 'huge',
      namespace: NAMESPACE,
      spec: {
        ...wanted,
        template: {
          ...wanted.template,
          spec: {
            containers: [
              {
                name: 'app',
                image: 'a:1',
                resources: { requests: { cpu: '9000' } },
              },
            ],
          },
        },
      },
    });
    assert.equal(answer.status, 'pending', JSON.stringify(answer));
    assert.match(answer.reason, /all \d+ nodes have too little free CPU/);
  });

  test('to no pods at all is deployed', async () => {
    await create('none');
    const answer = await ok(`POST ${deployments}/none/scale`, { replicas: 0 });
    assert.equal(answer.status, 'deployed', JSON.stringify(answer));
    const { rollout } = await ok(`GET ${deployments}/none`);
    assert.equal(rollout.state, 'scaledDown');
  });
});

describe('a plan', () => {
  test('shows what would change and whose it is, and changes nothing', async () => {
    await create('planned');
    await kubectl('planned', { spec: { replicas: 3 } }, 'somebody-else');
    const before = await live('planned');
    const { status, plan } = await ok(
      `POST ${deployments}/planned/scale?dryRun=true`,
      { replicas: 0 },
    );
    assert.equal(status, 'planned');
    assert.deepEqual(plan.changes, [
      { path: 'spec.replicas', before: 3, after: 0, owner: 'somebody-else' },
    ]);
    assert.match(plan.warnings.join(' '), /No pod will be left/);
    assert.match(plan.warnings.join(' '), /somebody-else owns spec\.replicas/);

    const image = await ok(`POST ${deployments}/planned/image?dryRun=true`, {
      container: 'app',
      image: 'registry.example/shop/app:2',
    });
    const change = image.plan.changes.find((one: { path: string }) =>
      one.path.endsWith('image'),
    );
    assert.deepEqual(change, {
      path: 'spec.template.spec.containers[name=app].image',
      before: 'registry.example/shop/app:1',
      after: 'registry.example/shop/app:2',
      owner: 'backstage-k8s',
    });
    assert.equal(image.plan.after.status, undefined);
    assert.equal(image.plan.after.metadata.managedFields, undefined);
    assert.deepEqual((await live('planned')).spec, before.spec);
  });

  test('of a roll-back is the difference of the two templates', async () => {
    await create('planned-back');
    await ok(`POST ${deployments}/planned-back/image`, {
      container: 'app',
      image: 'registry.example/shop/app:2',
    });
    const answer = await ok(
      `POST ${deployments}/planned-back/rollback?dryRun=true`,
      { revision: 1 },
    );
    assert.equal(answer.success, true);
    const paths = answer.plan.changes.map(({ path }: { path: string }) => path);
    assert.ok(
      paths.includes('spec.template.spec.containers[name=app].image'),
      paths.join(),
    );
  });
});

describe('a list of deployments', () => {
  test('is paged, sorted, searched and selected', async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) await create(name);
    const query = `namespace=${NAMESPACE}&search=PAGE-&sort=-name&limit=2`;
    const first = await ok(`GET /deployments?${query}`);
    assert.deepEqual(
      first.deployments.map(({ name }: { name: string }) => name),
      ['page-c', 'page-b'],
    );
    assert.equal(first.total, 3);
    const second = await ok(
      `GET /deployments?${query}&continue=${first.continue}`,
    );
    assert.deepEqual(
      second.deployments.map(({ name }: { name: string }) => name),
      ['page-a'],
    );
    assert.equal(second.continue, undefined);
    await refused(400, `GET /deployments?sort=name&continue=${first.continue}`);
    await refused(400, `GET /deployments?continue=garbage`);
    const selected = await ok(
      `GET /deployments?namespace=${NAMESPACE}&search=shop/app:1&limit=500`,
    );
    assert.ok(selected.total >= 3);
    await refused(400, 'GET /deployments?labelSelector=a%20in%20(');
  });

  test('is followed by pods, events and nodes of the cluster', async () => {
    await create('watched');
    const { rows } = await ok(
      `GET /resources/core/pods?namespace=${NAMESPACE}&search=watched`,
    );
    assert.equal(rows.length, 2);
    const { pods } = await ok(`GET ${deployments}/watched`);
    assert.equal(pods.length, 2);
    assert.equal(pods[0].status, 'Running');
    assert.equal(pods[0].ownerKind, 'ReplicaSet');
    assert.equal(pods[0].revision, 1);
    const { rows: events } = await ok(
      `GET /views/events?namespace=${NAMESPACE}&involved=Deployment/watched`,
    );
    assert.equal(events[0].reason, 'ScalingReplicaSet');
    const { rows: nodes } = await ok('GET /views/nodes');
    assert.ok(nodes.length > 0);
    assert.equal(nodes[0].status, 'ready');
    assert.ok(nodes[0].capacity.cpu > 0);
    assert.ok(
      nodes.some(
        (node: { requested: { pods: number } }) => node.requested.pods > 0,
      ),
    );
  });
});

describe('somebody who may only look', () => {
  test('is told so, not what there is', async () => {
    await create('closed');
    const as = { as: 'viewer' } as const;
    for (const [route, body] of [
      [
        'POST /deployments',
        { name: 'x', namespace: NAMESPACE, spec: spec('x') },
      ],
      [`PUT ${deployments}/no-such`, { spec: spec('no-such') }],
      [`DELETE ${deployments}/no-such`, undefined],
      [`POST ${deployments}/closed/image`, { container: 'none', image: 'a' }],
      [`POST ${deployments}/closed/scale`, { replicas: 1 }],
      [`POST ${deployments}/closed/scale?dryRun=true`, { replicas: 1 }],
      [`POST ${deployments}/closed/restart`, undefined],
      [`POST ${deployments}/closed/rollback`, { revision: 99 }],
      ['POST /namespaces', { name: 'x' }],
      [`PATCH /namespaces/no-such`, { labels: {} }],
      [`DELETE /namespaces/${NAMESPACE}`, undefined],
    ] as const) {
      assert.match(await refused(403, route, body, as), /K8sOperator/, route);
    }
    await ok(`GET ${deployments}/closed`, undefined, as);
  });
});
