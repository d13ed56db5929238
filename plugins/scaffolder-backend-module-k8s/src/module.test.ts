import { mockCredentials } from '@backstage/backend-test-utils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { startTemplates, VIEWER } from './__testUtils__/startTemplates';

const OPERATOR = 'user:default/operator';
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2 },
};

type Portal = Awaited<ReturnType<typeof startTemplates>>;

/** Runs an action as somebody, and gives what it told the steps after it. */
async function run(
  { actions }: Portal,
  action: string,
  options: {
    input: Record<string, unknown>;
    user?: string;
    isDryRun?: boolean;
    step?: string;
  },
): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  const { input, isDryRun, step = 'deploy', user = OPERATOR } = options;
  await actions.get(action)!.handler({
    ...createMockActionContext(),
    task: { id: 'task-1' },
    step: { id: step },
    isDryRun,
    getInitiatorCredentials: async () => mockCredentials.user(user),
    output: (name: string, value: unknown) => {
      outputs[name] = value;
    },
    input,
  });
  return outputs;
}

const changes = ({ told }: Portal) =>
  told.filter(({ method }) => method !== 'GET');

it('applies as who runs the template, with a key of task and step', async () => {
  const portal = await startTemplates();
  const input = {
    cluster: 'Test',
    namespace: 'payments',
    manifest: DEPLOYMENT,
  };
  const outputs = await run(portal, 'k8s:deployment:apply', { input });
  expect(outputs).toEqual({
    name: 'web',
    namespace: 'payments',
    clusterId: '2c3d',
    status: 'deployed',
    resourceVersion: '9',
  });
  await run(portal, 'k8s:deployment:apply', { input });
  await run(portal, 'k8s:deployment:apply', { input, step: 'other' });
  await run(portal, 'k8s:deployment:apply', {
    input: { ...input, cluster: 'Production' },
  });
  const [first, again, otherStep, otherCluster] = changes(portal);
  expect(first).toMatchObject({
    user: OPERATOR,
    url: '/clusters/2c3d/resources/apps/deployments/payments/web?dryRun=false',
    key: expect.stringMatching(/^task-1\.deploy\./),
    body: {
      manifest: {
        ...DEPLOYMENT,
        metadata: { name: 'web', namespace: 'payments' },
      },
    },
  });
  expect(again.key).toBe(first.key);
  expect(otherStep.key).not.toBe(first.key);
  expect(otherCluster.key).not.toBe(first.key);
});

it('only plans in a dry run, and does not wait for a rollout', async () => {
  const portal = await startTemplates();
  const isDryRun = true;
  const deployment = await run(portal, 'k8s:deployment:apply', {
    input: { cluster: '0a1b', namespace: 'payments', manifest: DEPLOYMENT },
    isDryRun,
  });
  const namespace = await run(portal, 'k8s:namespace:create', {
    input: { cluster: '0a1b', name: 'new' },
    isDryRun,
  });
  for (const outputs of [deployment, namespace]) {
    expect(outputs.status).toBe('planned');
    expect(outputs.plan).toMatchObject({
      changes: [{ path: 'spec.replicas' }],
    });
    expect(outputs).not.toHaveProperty('resourceVersion');
  }
  expect(changes(portal).map(({ url }) => url)).toEqual([
    expect.stringContaining('dryRun=true'),
    expect.stringContaining('dryRun=true'),
  ]);
  expect(
    portal.told.some(({ url }) => url.includes('/deployments/payments')),
  ).toBe(true);
  expect(
    portal.told.filter(
      ({ url, method }) => method === 'GET' && url.includes('web'),
    ),
  ).toEqual([]);
});

it('tells all actions to support a dry run', async () => {
  const { actions } = await startTemplates();
  expect(
    [...actions.values()].map(({ id, supportsDryRun }) => [id, supportsDryRun]),
  ).toEqual([
    ['k8s:namespace:create', true],
    ['k8s:deployment:apply', true],
    ['k8s:resource:apply', true],
  ]);
});

it('fails in the words of the API', async () => {
  const portal = await startTemplates();
  await expect(
    run(portal, 'k8s:namespace:create', {
      input: { cluster: 'Test', name: 'new' },
      user: VIEWER,
    }),
  ).rejects.toMatchObject({
    name: 'NotAllowedError',
    message: 'This needs the role K8sOperator',
  });
  await expect(
    run(portal, 'k8s:namespace:create', {
      input: { cluster: 'Nowhere', name: 'new' },
    }),
  ).rejects.toThrow(
    "no cluster 'Nowhere' that you may see; you may see Production, Test",
  );
  await expect(
    run(portal, 'k8s:resource:apply', {
      input: {
        cluster: 'Test',
        namespace: 'payments',
        manifest: 'apiVersion: v1\nkind: Widget\nmetadata: {name: a}\n',
      },
    }),
  ).rejects.toThrow('Cluster Test has no kind Widget of v1');
});

it('leaves a namespace as it is only when it is told to', async () => {
  const portal = await startTemplates();
  const input = { cluster: 'Test', name: 'payments' };
  await expect(run(portal, 'k8s:namespace:create', { input })).rejects.toThrow(
    'Namespace payments exists already',
  );
  const before = changes(portal).length;
  expect(
    await run(portal, 'k8s:namespace:create', {
      input: { ...input, allowExisting: true },
    }),
  ).toEqual({ clusterId: '2c3d', name: 'payments', status: 'exists' });
  expect(changes(portal)).toHaveLength(before);
});

it('applies YAML of any kind, and names who owns what it may not change', async () => {
  const portal = await startTemplates();
  const manifestOf = (name: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: payments\n`;
  expect(
    await run(portal, 'k8s:resource:apply', {
      input: { cluster: 'Test', manifest: manifestOf('a') },
    }),
  ).toMatchObject({ name: 'a', status: 'done' });
  expect(changes(portal)[0].url).toContain(
    '/clusters/2c3d/resources/core/configmaps/payments/a',
  );
  const owned = { cluster: 'Test', manifest: manifestOf('owned') };
  await expect(
    run(portal, 'k8s:resource:apply', { input: owned }),
  ).rejects.toThrow('Others own fields; data.a is owned by helm');
  expect(
    await run(portal, 'k8s:resource:apply', {
      input: { ...owned, force: true },
    }),
  ).toMatchObject({ name: 'owned', status: 'done' });
});

it.each([
  [
    'without a namespace for a kind that is in one',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
    'A ConfigMap is in a namespace: name it in the step or the manifest',
  ],
  [
    'with a namespace for a kind that is in none',
    {
      ...{ apiVersion: 'v1', kind: 'Node' },
      metadata: { name: 'a', namespace: 'payments' },
    },
    'A Node is in no namespace: leave it out',
  ],
])('applies nothing %s', async (_, manifest, message) => {
  const portal = await startTemplates();
  const input = { cluster: 'Test', manifest };
  await expect(
    run(portal, 'k8s:resource:apply', { input }),
  ).rejects.toMatchObject({ name: 'InputError', message });
  expect(changes(portal)).toEqual([]);
});

it('fails when a rollout is stuck, with the reason and what to do', async () => {
  const portal = await startTemplates({
    rollouts: [
      {
        state: 'stuck',
        reason: 'The image does not exist.',
        advice: 'Check its name.',
      },
    ],
  });
  await expect(
    run(portal, 'k8s:deployment:apply', {
      input: {
        cluster: 'Test',
        namespace: 'payments',
        manifest: DEPLOYMENT,
        timeoutSeconds: 0,
      },
    }),
  ).rejects.toThrow('The image does not exist. Check its name.');
});

it('tells that a rollout is still pending', async () => {
  const portal = await startTemplates({
    rollouts: [{ state: 'progressing', reason: '1 of 2 are ready.' }],
  });
  expect(
    await run(portal, 'k8s:deployment:apply', {
      input: {
        cluster: 'Test',
        namespace: 'payments',
        manifest: DEPLOYMENT,
        timeoutSeconds: 0,
      },
    }),
  ).toMatchObject({ status: 'pending', reason: '1 of 2 are ready.' });
});

it('completes clusters and namespaces as the user whose token it gets', async () => {
  const portal = await startTemplates();
  const token = portal.tokenOf(VIEWER);
  expect(
    await portal.complete({ resource: 'clusters', token, context: {} }),
  ).toEqual({
    results: [
      { id: '0a1b', title: 'Production' },
      { id: '2c3d', title: 'Test' },
    ],
  });
  expect(
    await portal.complete({
      resource: 'namespaces',
      token,
      context: { cluster: 'Test' },
    }),
  ).toEqual({ results: [{ id: 'payments' }] });
  expect(new Set(portal.told.map(({ user }) => user))).toEqual(
    new Set([VIEWER]),
  );
});

it('completes nothing without a token of a user', async () => {
  const portal = await startTemplates();
  const request = { resource: 'clusters', context: {} };
  await expect(
    portal.complete({ ...request, token: 'ghp_of_another_system' }),
  ).rejects.toThrow();
  await expect(
    portal.complete({ ...request, token: mockCredentials.service.token() }),
  ).rejects.toThrow('The token has to be that of a user');
  expect(portal.told).toEqual([]);
});
