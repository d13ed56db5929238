import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { MockActionsRegistry } from '@backstage/backend-test-utils/alpha';
import { NotAllowedError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { loadContract } from '../router/Contract';
import type { Handlers } from '../router/Handlers';
import { PreparedJson } from '../router/PreparedJson';
import { registerActions } from './registerActions';

interface Handled {
  operation: string;
  context: RequestContext;
  path: unknown;
  query: unknown;
  body: unknown;
}

const CLUSTERS = [
  {
    id: '0a1b',
    name: 'Production',
    status: 'healthy',
    labels: {},
    protected: false,
    createdAt: '2026-01-01T00:00:00.000Z',
  },
];
const CACHE = { state: 'fresh' };
const WEB = { cluster: 'Production', namespace: 'payments', name: 'web' };
const MANIFEST = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'payments' },
};

/** The actions over handlers that answer from here, and what those were asked. */
function setUp(options: { refuses?: Error } = {}) {
  const handled: Handled[] = [];
  const answers: Record<string, () => unknown> = {
    listClusters: () => ({ clusters: CLUSTERS }),
    listResources: () =>
      new PreparedJson([
        JSON.stringify({
          columns: [],
          rows: [],
          total: { count: 0 },
          cache: CACHE,
        }),
      ]),
    searchObjects: () =>
      new PreparedJson([
        JSON.stringify({ groups: [], total: 0, clusters: [], errors: [] }),
      ]),
    getResource: () => ({ object: {}, owners: [], cache: CACHE }),
    getDeployment: () => ({
      rollout: { state: 'stuck', reason: 'No image.', advice: 'Check it.' },
      ...{ replicas: 2, ready: 0, cache: CACHE },
      ...{ containers: [], pods: [], events: [], revisions: [] },
    }),
    applyResource: () => ({ name: 'web', status: 'planned' }),
    actOnResource: () => ({ name: 'web', status: 'planned' }),
  };
  const handlers = Object.fromEntries(
    Object.entries(answers).map(([operation, answer]) => [
      operation,
      async (request: Omit<Handled, 'operation'>) => {
        handled.push({ operation, ...request });
        if (options.refuses && operation !== 'listClusters') {
          throw options.refuses;
        }
        return answer();
      },
    ]),
  ) as unknown as Handlers;
  const logger = mockServices.logger.mock();
  const audit = {
    change: jest.fn(),
    record: jest.fn(),
    refused: jest.fn(async () => {}),
  };
  const registry = MockActionsRegistry.create({ logger });
  registerActions(registry, {
    contract: loadContract(),
    handlers,
    auth: mockServices.auth(),
    audit,
    logger,
    timeoutMs: 10_000,
  });
  const invoke = async (
    name: string,
    input: Record<string, unknown>,
    credentials = mockCredentials.user('user:default/operator'),
  ) => {
    const { output } = await registry.invoke({
      id: `test:${name}`,
      input: input as never,
      credentials,
    });
    return output;
  };
  const changes = () =>
    handled.filter(({ operation }) => operation !== 'listClusters');
  return { registry, handled, changes, audit, logger, invoke };
}

it('marks truly what reads, what may destroy and what may be repeated', async () => {
  const { actions } = await setUp().registry.list();
  expect(
    actions.map(({ name, attributes }) => [
      name,
      attributes.readOnly,
      attributes.destructive,
      attributes.idempotent,
    ]),
  ).toEqual([
    ['list-clusters', true, false, true],
    ['list-resources', true, false, true],
    ['search-objects', true, false, true],
    ['get-resource', true, false, true],
    ['explain-deployment', true, false, true],
    ['plan-change', true, false, true],
    ['apply-change', false, true, true],
    ['scale-resource', false, true, true],
    ['restart-resource', false, true, false],
    ['roll-back-resource', false, true, false],
  ]);
});

it('finds objects of the kinds that are named', async () => {
  const { handled, invoke } = setUp();
  await expect(
    invoke('search-objects', {
      text: 'web',
      kinds: ['deployments.apps', 'pods'],
    }),
  ).resolves.toMatchObject({ total: 0 });
  expect(handled).toMatchObject([
    {
      operation: 'searchObjects',
      query: { q: 'web', kinds: 'deployments.apps,pods', limit: 10 },
    },
  ]);
});

it('runs as the caller, by the name of a cluster', async () => {
  const { handled, invoke } = setUp();
  await expect(invoke('explain-deployment', WEB)).resolves.toMatchObject({
    state: 'stuck',
    reason: 'No image.',
    advice: 'Check it.',
  });
  await invoke('get-resource', {
    ...{ cluster: '0a1b', group: 'core', plural: 'nodes', name: 'one' },
  });
  await invoke('list-resources', { cluster: '0a1b', plural: 'deployments' });
  expect(
    handled
      .filter(({ operation }) => operation !== 'listClusters')
      .map(({ operation, path }) => [operation, path]),
  ).toEqual([
    ['getDeployment', { id: '0a1b', namespace: 'payments', name: 'web' }],
    [
      'getResource',
      {
        id: '0a1b',
        group: 'core',
        plural: 'nodes',
        namespace: '_',
        name: 'one',
      },
    ],
    ['listResources', { id: '0a1b', group: 'apps', plural: 'deployments' }],
  ]);
  expect(new Set(handled.map(({ context }) => context.principal.ref))).toEqual(
    new Set(['user:default/operator']),
  );
});

it.each([
  ['apply-change', { ...WEB, manifest: MANIFEST }],
  ['scale-resource', { ...WEB, replicas: 3 }],
  ['restart-resource', WEB],
  ['roll-back-resource', { ...WEB, revision: 2 }],
])('%s changes something only when it is told to', async (name, input) => {
  const { changes, invoke } = setUp();
  await invoke(name, input);
  await invoke(name, { ...input, dryRun: false });
  expect(changes().map(({ query }) => query)).toEqual([
    { dryRun: true },
    { dryRun: false },
  ]);
});

it('plans and never changes', async () => {
  const { changes, invoke } = setUp();
  await invoke('plan-change', { ...WEB, manifest: MANIFEST });
  expect(changes()).toMatchObject([
    { operation: 'applyResource', query: { dryRun: true } },
  ]);
  await expect(
    invoke('plan-change', { ...WEB, manifest: MANIFEST, dryRun: false }),
  ).rejects.toThrow();
  expect(changes()).toHaveLength(1);
});

it.each([
  ['a name with a path in it', { ...WEB, name: 'web/actions/scale' }],
  ['a name that leads upwards', { ...WEB, name: '..' }],
  ['a name with a query in it', { ...WEB, name: 'web?dryRun=false' }],
  ['a namespace that is none', { ...WEB, namespace: 'Payments!' }],
  ['an empty name', { ...WEB, name: '' }],
  ['a key that it does not have', { ...WEB, force: true }],
  ['a cluster that the caller may not see', { ...WEB, cluster: 'hidden' }],
])('refuses %s before anything is asked', async (_, input) => {
  const { changes, invoke } = setUp();
  await expect(
    invoke('restart-resource', { ...input, dryRun: false }),
  ).rejects.toThrow();
  expect(changes()).toEqual([]);
});

it('refuses what the contract refuses', async () => {
  const { changes, invoke } = setUp();
  await expect(
    invoke('scale-resource', { ...WEB, replicas: 1_000_000 }),
  ).rejects.toMatchObject({ name: 'InputError' });
  expect(changes()).toEqual([]);
});

it('passes a refusal on in its words, and audits it', async () => {
  const { audit, invoke } = setUp({
    refuses: new NotAllowedError('This needs the role K8sOperator'),
  });
  await expect(
    invoke('scale-resource', { ...WEB, replicas: 3, dryRun: false }),
  ).rejects.toMatchObject({
    name: 'NotAllowedError',
    message: 'This needs the role K8sOperator',
    statusCode: 403,
  });
  expect(audit.refused).toHaveBeenCalledWith(
    expect.objectContaining({
      action: 'deployment.scale',
      cluster: { id: '0a1b' },
      resource: expect.objectContaining({ namespace: 'payments', name: 'web' }),
    }),
    expect.objectContaining({
      principal: { type: 'user', ref: 'user:default/operator' },
    }),
    expect.any(NotAllowedError),
  );
});

it('says nothing of what is broken inside', async () => {
  const { audit, invoke, logger } = setUp({
    refuses: new TypeError('secret is undefined'),
  });
  const failed = invoke('restart-resource', WEB);
  await expect(failed).rejects.toThrow(/its log says more under request/);
  await expect(failed).rejects.not.toThrow(/secret/);
  expect(logger.error).toHaveBeenCalledWith(
    'An action failed',
    expect.objectContaining({ operation: 'actOnResource', status: 500 }),
  );
  expect(audit.refused).not.toHaveBeenCalled();
});

it('does nothing for nobody', async () => {
  const { handled, invoke } = setUp();
  await expect(
    invoke('list-clusters', {}, mockCredentials.none() as never),
  ).rejects.toMatchObject({ name: 'AuthenticationError' });
  expect(handled).toEqual([]);
});
