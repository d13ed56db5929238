/**
 * The template "Deploy a service" on a development cluster, and the actions that assistants call: both do what their user may, and
 * nothing else.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const TEMPLATE = 'dev/demo/templates/deploy-a-service/template.yaml';
const NAMESPACE = `templates-${randomBytes(4).toString('hex')}`;
const CLUSTER = 'Templates';
const VALUES = {
  name: 'shop-front',
  image: 'registry.example/shop/front:1',
  replicas: 1,
  port: 8080,
  cluster: CLUSTER,
  namespace: NAMESPACE,
};
const DONE_WITHIN_MS = 120_000;
const POLL_MS = 500;

let portal: TestPortal;
let id: string;

/** Asks another plugin of the portal than ours. */
async function ask(
  user: DemoUser,
  route: string,
  body?: unknown,
): Promise<Pick<Answer, 'status' | 'body'>> {
  const [method, path] = route.split(' ');
  const answer = await fetch(`${portal.url}/api${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${await portal.token(user)}`,
      'Content-Type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + DONE_WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    assert.ok(Date.now() < deadline, 'it took too long');
    await sleep(POLL_MS);
  }
}

/** Runs the template and gives its status and what its log says. */
async function runTemplate(user: DemoUser, values: Record<string, unknown>) {
  const started = await ask(user, 'POST /scaffolder/v2/tasks', {
    templateRef: 'template:default/deploy-a-service',
    values,
  });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  const task = `/scaffolder/v2/tasks/${started.body.id}`;
  const status = await eventually(async () => {
    const { body } = await ask(user, `GET ${task}`);
    return ['open', 'processing'].includes(body.status)
      ? undefined
      : body.status;
  });
  const { body } = await ask(user, `GET ${task}/events`);
  return { status, log: JSON.stringify(body) };
}

/** Calls one of our actions as an assistant does. */
const act = (user: DemoUser, action: string, input: Record<string, unknown>) =>
  ask(
    user,
    `POST /k8s/.backstage/actions/v1/actions/k8s:${action}/invoke`,
    input,
  );

const deployments = async () => {
  const { body } = await portal.call(
    `GET /clusters/${id}/deployments?namespace=${NAMESPACE}`,
    { as: 'admin' },
  );
  return body.deployments;
};

before(async () => {
  portal = await TestPortal.start();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: CLUSTER, kubeconfig },
  });
  id = body.id;
  await eventually(async () => {
    const entity =
      '/catalog/entities/by-name/template/default/deploy-a-service';
    const { status } = await ask('admin', `GET ${entity}`);
    return status === 200 || undefined;
  });
});

after(async () => {
  await portal.call(`DELETE /clusters/${id}/namespaces/${NAMESPACE}`, {
    as: 'admin',
  });
  await portal.stop();
});

test('the template fails for a viewer, in words, and changes nothing', async () => {
  const { status, log } = await runTemplate('viewer', VALUES);
  assert.equal(status, 'failed');
  assert.match(log, /role/);
  assert.deepEqual(await deployments(), []);
});

test('the template deploys a service for an admin, who is in the audit', async () => {
  const { status, log } = await runTemplate('admin', VALUES);
  assert.equal(status, 'completed', log);
  const [deployment] = await deployments();
  assert.equal(deployment.name, VALUES.name);
  const service = await portal.call(
    `GET /clusters/${id}/resources/core/services/${NAMESPACE}/${VALUES.name}`,
    { as: 'admin' },
  );
  assert.equal(service.body.object.spec.ports[0].targetPort, 'http');
  const audit = await portal.call(`GET /audit?cluster=${id}`, { as: 'admin' });
  assert.match(JSON.stringify(audit.body), /user:default\/admin/);
});

test('a dry run of the template gives plans and changes nothing', async () => {
  const before = await deployments();
  const template = parse(await readFile(TEMPLATE, 'utf8'));
  const { status, body } = await ask('admin', 'POST /scaffolder/v2/dry-run', {
    template,
    values: { ...VALUES, replicas: 3 },
    secrets: {},
    directoryContents: [],
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(JSON.stringify(body.log), /Would change spec\.replicas/);
  assert.equal((await deployments())[0].replicas, before[0].replicas);
});

test('an assistant plans by default, and does only what its user may', async () => {
  const scale = {
    cluster: CLUSTER,
    namespace: NAMESPACE,
    name: VALUES.name,
    replicas: 2,
  };
  const planned = await act('admin', 'scale-resource', scale);
  assert.equal(planned.status, 200, JSON.stringify(planned.body));
  assert.equal(planned.body.output.status, 'planned');
  assert.equal((await deployments())[0].replicas, 1);

  const refused = await act('viewer', 'scale-resource', {
    ...scale,
    dryRun: false,
  });
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  assert.match(refused.body.error.message, /role/);
  assert.equal((await deployments())[0].replicas, 1);

  const scaled = await act('admin', 'scale-resource', {
    ...scale,
    dryRun: false,
  });
  assert.equal(scaled.body.output.status, 'done');
  await eventually(async () =>
    (await deployments())[0].replicas === 2 ? true : undefined,
  );

  const explained = await act('viewer', 'explain-deployment', {
    cluster: CLUSTER,
    namespace: NAMESPACE,
    name: VALUES.name,
  });
  assert.equal(explained.body.output.replicas, 2);
  const listed = await act('viewer', 'list-resources', {
    cluster: CLUSTER,
    namespace: NAMESPACE,
  });
  assert.equal(listed.body.output.rows.length, 1, JSON.stringify(listed.body));
  const { body } = await ask(
    'viewer',
    'GET /k8s/.backstage/actions/v1/actions',
  );
  assert.equal(body.actions.length, 10);
});
