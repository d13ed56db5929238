/**
 * Every route as every role: the routes come from the OpenAPI document, what a role may from the table of roles. A route
 * without a row here fails. What is asked for does not exist, or changes nothing, so that "may" can be told from "did".
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grantCovers, ROLE_GRANTS } from '@backstage-k8s/plugin-k8s-common';
import type {
  K8sGrantedRole,
  ResourceCategory,
} from '@backstage-k8s/plugin-k8s-common';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { createDatabase } from './support/createDatabase.ts';
import { openApiChoices, openApiRoutes } from './support/openApiRoutes.ts';
import type { Route } from './support/openApiRoutes.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const EU = 'dev-eu';
const US = 'dev-us';
type ClusterName = typeof EU | typeof US;

const SPEC = {
  selector: { matchLabels: { app: 'roles' } },
  template: {
    metadata: { labels: { app: 'roles' } },
    spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
  },
};
const NOTHING = 'no-such-thing';

interface Row {
  /** The permission that the route needs; absent: a token is enough. */
  permission?: string;
  category?: ResourceCategory;
  /** Values for the path besides the cluster's id. */
  path?: Record<string, string>;
  query?: string | ((cluster: string) => string);
  body?: (cluster: string) => unknown;
  headers?: Record<string, string>;
  /** Statuses of those who may; it is asked for what does not exist. */
  allowed: number[];
  /** About the clusters that its query selects: what the one says that is asked for is in its answer. */
  isFannedOut?: boolean;
  /** Not about a cluster that is registered. */
  isWithoutCluster?: boolean;
  /** The role on any cluster counts. */
  isForAnyCluster?: boolean;
  /** It is asked for several things, by what they are; each in place of what the row says. */
  each?: Record<string, Omit<Row, 'each'>>;
}

const ON_DEPLOYMENT = {
  category: 'workload' as const,
  path: { namespace: 'default', name: NOTHING },
  allowed: [404],
};
const ON_POD = {
  category: 'workload' as const,
  path: { namespace: 'default', name: NOTHING },
  allowed: [404],
};
const ON_NAMESPACE = {
  category: 'namespace' as const,
  path: { name: NOTHING },
  allowed: [404],
};
const ON_CONFIG_MAP = {
  category: 'configuration' as const,
  path: {
    group: 'core',
    plural: 'configmaps',
    namespace: 'default',
    name: NOTHING,
  },
  allowed: [404],
};
const ON_CLUSTERS = {
  isFannedOut: true,
  query: (cluster: string) => `?cluster=id%3D${cluster}`,
};
const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: NOTHING, namespace: 'default' },
};
const READ_CLUSTER = { permission: 'k8s.cluster.read', allowed: [200] };
const READ_OBJECTS = { permission: 'k8s.resource.read', allowed: [200] };
const FREE = { allowed: [200], isWithoutCluster: true };
const SERVICE = 'component:default/payments';

/** Subscriptions to topics of one cluster. */
const ofOneCluster = (
  topics: Record<string, object>,
): Record<string, Omit<Row, 'each'>> =>
  Object.fromEntries(
    Object.entries(topics).map(([topic, more]) => [
      topic,
      {
        ...READ_CLUSTER,
        body: cluster => ({
          subscriptions: [{ id: 'a', topic, cluster, ...more }],
        }),
      },
    ]),
  );
/** A subscription to what is not of one cluster: each caller is told of what they see. */
const ofAnyCluster = (subscription: object): Omit<Row, 'each'> => ({
  ...FREE,
  body: () => ({ subscriptions: [{ id: 'a', ...subscription }] }),
});

/** Operation to what it needs; reading a cluster is needed for everything that is in it. */
const ROWS: Record<string, Row> = {
  getStatus: FREE,
  listClusters: FREE,
  registerCluster: {
    permission: 'k8s.cluster.register',
    body: () => ({ name: 'x', kubeconfig: '{}' }),
    allowed: [400],
    isWithoutCluster: true,
  },
  checkClusterAccess: {
    permission: 'k8s.cluster.register',
    body: () => ({ kubeconfig: '{}' }),
    allowed: [200, 400],
    isWithoutCluster: true,
  },
  // For who registers clusters, and who gives one another credential: every role that may the first may the second.
  listAuthenticationStrategies: {
    permission: 'k8s.cluster.update',
    allowed: [200],
    isWithoutCluster: true,
    isForAnyCluster: true,
  },
  proxyRead: {
    permission: 'k8s.resource.read',
    category: 'workload',
    path: { path: `api/v1/namespaces/default/pods/${NOTHING}` },
    allowed: [404],
  },
  proxyCreate: {
    permission: 'k8s.resource.create',
    category: 'workload',
    path: { path: 'api/v1/namespaces/default/pods' },
    body: () => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: NOTHING },
      spec: { containers: [] },
    }),
    allowed: [400],
  },
  proxyPatch: {
    permission: 'k8s.resource.update',
    category: 'workload',
    path: { path: `api/v1/namespaces/default/pods/${NOTHING}` },
    body: () => ({ metadata: { labels: { a: 'b' } } }),
    headers: { 'Content-Type': 'application/merge-patch+json' },
    allowed: [404],
  },
  proxyDelete: {
    permission: 'k8s.resource.delete',
    category: 'workload',
    path: { path: `api/v1/namespaces/default/pods/${NOTHING}` },
    allowed: [404],
  },
  getCluster: READ_CLUSTER,
  updateCluster: {
    permission: 'k8s.cluster.update',
    body: () => ({ protected: false }),
    allowed: [200],
  },
  // Who may is told from a repeated name below: deleting is tried once, at the end.
  deleteCluster: { permission: 'k8s.cluster.delete', allowed: [200, 409] },
  listClusterDependents: READ_CLUSTER,
  getClusterHealth: READ_CLUSTER,
  checkClusterHealth: READ_CLUSTER,
  getView: {
    ...READ_OBJECTS,
    each: {
      nodes: { ...READ_OBJECTS, path: { view: 'nodes' } },
      events: { ...READ_OBJECTS, path: { view: 'events' } },
      rollouts: { ...READ_OBJECTS, path: { view: 'rollouts' } },
      'remembered events of a namespace': {
        ...READ_OBJECTS,
        path: { view: 'events' },
        query: '?namespace=default&since=2026-01-01T00:00:00Z',
      },
    },
  },
  listNamespaces: READ_OBJECTS,
  createNamespace: {
    permission: 'k8s.resource.create',
    category: 'namespace',
    query: '?dryRun=true',
    body: () => ({ name: NOTHING }),
    allowed: [200],
  },
  updateNamespaceLabels: {
    ...ON_NAMESPACE,
    permission: 'k8s.resource.update',
    body: () => ({ labels: {} }),
  },
  deleteNamespace: { ...ON_NAMESPACE, permission: 'k8s.resource.delete' },
  listDeployments: READ_OBJECTS,
  createDeployment: {
    permission: 'k8s.resource.create',
    category: 'workload',
    query: '?dryRun=true',
    body: () => ({ name: NOTHING, namespace: 'default', spec: SPEC }),
    allowed: [200],
  },
  getDeployment: { ...ON_DEPLOYMENT, permission: 'k8s.resource.read' },
  replaceDeployment: {
    ...ON_DEPLOYMENT,
    permission: 'k8s.resource.update',
    body: () => ({ spec: SPEC }),
  },
  deleteDeployment: { ...ON_DEPLOYMENT, permission: 'k8s.resource.delete' },
  setDeploymentImage: {
    ...ON_DEPLOYMENT,
    permission: 'k8s.resource.update',
    body: () => ({ container: 'app', image: 'example.org/app:2' }),
  },
  scaleDeployment: {
    ...ON_DEPLOYMENT,
    permission: 'k8s.resource.update',
    body: () => ({ replicas: 1 }),
  },
  restartDeployment: { ...ON_DEPLOYMENT, permission: 'k8s.resource.update' },
  rollbackDeployment: {
    ...ON_DEPLOYMENT,
    permission: 'k8s.resource.update',
    body: () => ({ revision: 1 }),
  },
  listResources: {
    ...READ_OBJECTS,
    path: { group: 'apps', plural: 'deployments' },
  },
  listResourcesOfClusters: {
    ...FREE,
    path: { group: 'apps', plural: 'deployments' },
  },
  searchObjects: { ...FREE, query: '?q=payments' },
  listRelated: {
    permission: 'k8s.resource.read',
    path: {
      ...{ group: 'apps', plural: 'deployments' },
      ...{ namespace: 'default', name: NOTHING },
    },
    allowed: [404],
  },
  getCacheStatus: FREE,
  listKinds: READ_CLUSTER,
  getKindSchema: {
    ...READ_CLUSTER,
    path: { group: 'apps', plural: 'deployments' },
  },
  createResource: {
    ...ON_CONFIG_MAP,
    permission: 'k8s.resource.create',
    query: '?dryRun=true',
    body: () => ({ manifest: CONFIG_MAP }),
    allowed: [200],
  },
  getResource: { ...ON_CONFIG_MAP, permission: 'k8s.resource.read' },
  applyResource: {
    ...ON_CONFIG_MAP,
    permission: 'k8s.resource.update',
    query: '?dryRun=true',
    body: () => ({ manifest: CONFIG_MAP }),
    allowed: [200],
  },
  patchResource: {
    ...ON_CONFIG_MAP,
    permission: 'k8s.resource.update',
    body: () => ({ patch: { data: { a: 'b' } } }),
  },
  deleteResource: { ...ON_CONFIG_MAP, permission: 'k8s.resource.delete' },
  actOnResource: {
    category: 'workload',
    permission: 'k8s.resource.update',
    path: {
      group: 'apps',
      plural: 'deployments',
      namespace: 'default',
      name: NOTHING,
      action: 'restart',
    },
    body: () => ({}),
    allowed: [404],
  },
  getResourceOfClusters: {
    ...ON_CONFIG_MAP,
    ...ON_CLUSTERS,
    permission: 'k8s.resource.read',
  },
  createResourceOfClusters: {
    ...ON_CONFIG_MAP,
    ...ON_CLUSTERS,
    permission: 'k8s.resource.create',
    query: cluster => `?dryRun=true&cluster=id%3D${cluster}`,
    body: () => ({ manifest: CONFIG_MAP }),
    allowed: [200],
  },
  patchResourceOfClusters: {
    ...ON_CONFIG_MAP,
    ...ON_CLUSTERS,
    permission: 'k8s.resource.update',
    body: () => ({ patch: { data: { a: 'b' } } }),
  },
  applyResourceOfClusters: {
    ...ON_CONFIG_MAP,
    ...ON_CLUSTERS,
    permission: 'k8s.resource.update',
    query: cluster => `?dryRun=true&cluster=id%3D${cluster}`,
    body: () => ({ manifest: CONFIG_MAP }),
    allowed: [200],
  },
  deleteResourceOfClusters: {
    ...ON_CONFIG_MAP,
    ...ON_CLUSTERS,
    permission: 'k8s.resource.delete',
  },
  actOnResourceOfClusters: {
    ...ON_CLUSTERS,
    category: 'workload',
    permission: 'k8s.resource.update',
    path: {
      group: 'apps',
      plural: 'deployments',
      namespace: 'default',
      name: NOTHING,
      action: 'restart',
    },
    body: () => ({}),
    allowed: [404],
  },
  listRevisions: { ...ON_CONFIG_MAP, permission: 'k8s.resource.read' },
  listObjectHistory: {
    ...ON_CONFIG_MAP,
    permission: 'k8s.resource.read',
    // What was tried and refused is in it.
    allowed: [200, 404],
  },
  // On which clusters is looked at below.
  listServiceDeployments: {
    ...FREE,
    each: {
      'an entity': { ...FREE, query: `?entity=${SERVICE}` },
      'an entity that does not exist': {
        ...FREE,
        query: `?entity=component:default/${NOTHING}`,
        allowed: [404],
      },
    },
  },
  reviewAccess: {
    ...FREE,
    body: () => ({ reviews: [{ action: 'cluster.register' }] }),
  },
  openStream: {
    ...READ_CLUSTER,
    each: {
      ...ofOneCluster({
        ...{ health: {}, nodes: {}, events: {}, namespaces: {} },
        ...{ deployments: {}, rollouts: {} },
        resources: { group: 'apps', plural: 'deployments' },
        // With a cluster it is of that one.
        audit: {},
      }),
      'audit of all clusters': ofAnyCluster({ topic: 'audit' }),
      clusters: ofAnyCluster({ topic: 'clusters' }),
      service: ofAnyCluster({ topic: 'service', entity: SERVICE }),
      'service that does not exist': {
        ...ofAnyCluster({
          ...{ topic: 'service', entity: `component:default/${NOTHING}` },
        }),
        allowed: [404],
      },
    },
  },
  readPodLogs: { ...ON_POD, permission: 'k8s.logs.read' },
  openLogStream: {
    ...ON_POD,
    permission: 'k8s.logs.read',
    body: () => ({ namespace: 'default', pods: [NOTHING] }),
  },
  createTerminal: {
    ...ON_POD,
    permission: 'k8s.terminal.open',
    body: () => ({}),
  },
  listAudit: FREE,
};

interface Caller {
  name: string;
  user?: DemoUser;
  token?: string;
  /** Asks the portal whose permissions are switched off. */
  isOff?: boolean;
  /** The roles that count on a cluster; absent: it is hidden. */
  role(cluster?: ClusterName): K8sGrantedRole | undefined;
  /** What a restricted token leaves of it. */
  isReadOnly?: boolean;
}

const SERVICE_TOKENS = {
  ci: 'token-of-the-service-ci',
  restricted: 'token-of-the-service-restricted',
  unlisted: 'token-of-the-service-unlisted',
};

const CALLERS: Caller[] = [
  { name: 'viewer', user: 'viewer', role: () => 'K8sViewer' },
  { name: 'operator', user: 'operator', role: () => 'K8sOperator' },
  { name: 'admin', user: 'admin', role: () => 'K8sAdmin' },
  {
    name: 'owner',
    user: 'owner',
    role: cluster => (cluster === EU ? 'K8sAdmin' : undefined),
  },
  {
    name: 'a service, operator of one cluster',
    token: SERVICE_TOKENS.ci,
    role: cluster => (cluster === EU ? 'K8sOperator' : undefined),
  },
  {
    name: 'a service, admin, with a token for reading',
    token: SERVICE_TOKENS.restricted,
    role: () => 'K8sAdmin',
    isReadOnly: true,
  },
  {
    name: 'a service that is not listed',
    token: SERVICE_TOKENS.unlisted,
    role: () => undefined,
  },
  {
    name: 'admin with permissions switched off',
    user: 'admin',
    isOff: true,
    role: () => 'K8sViewer',
  },
  {
    name: 'a listed service with permissions switched off',
    token: SERVICE_TOKENS.restricted,
    isOff: true,
    role: () => 'K8sViewer',
  },
];

const externalAccess = Object.entries(SERVICE_TOKENS).map(
  ([subject, token]) => ({
    type: 'static',
    options: { token, subject: `external:${subject}` },
    ...(subject === 'restricted' && {
      accessRestrictions: [
        { plugin: 'k8s', permissionAttribute: { action: 'read' } },
        { plugin: 'catalog' },
      ],
    }),
  }),
);
const config = (enabled: boolean) => ({
  backend: { auth: { externalAccess } },
  permission: { enabled },
  k8s: {
    // The owner of one cluster, so that it shows whether owning the entity of another one gives anything.
    catalog: { defaultOwner: 'user:default/owner' },
    permission: {
      services: [
        { subject: 'plugin:catalog', role: 'K8sViewer' },
        {
          subject: 'external:ci',
          role: 'K8sOperator',
          clusters: { matchLabels: { region: 'eu' } },
        },
        { subject: 'external:restricted', role: 'K8sAdmin' },
      ],
    },
  },
});

let portal: TestPortal;
let portalOff: TestPortal;
const ids = new Map<ClusterName, string>();

async function register(name: ClusterName): Promise<void> {
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', name);
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: {
      name,
      kubeconfig,
      labels: {
        region: name.slice(4),
        'backstage-k8s.io/kubernetes-plugin': 'enabled',
      },
      ...(name === EU && { owner: 'user:default/owner' }),
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  ids.set(name, body.id);
}

before(async () => {
  const { url: postgres } = await createDatabase();
  const encryptionKey = Buffer.alloc(32, 7).toString('base64');
  const shared = { postgres, encryptionKey };
  portal = await TestPortal.start({ ...shared, config: config(true) });
  await register(EU);
  await register(US);
  portalOff = await TestPortal.start({ ...shared, config: config(false) });
  // The catalog reads its entities in the background.
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const { status } = await portal.call(`GET /deployments?entity=${SERVICE}`, {
      as: 'admin',
    });
    if (status === 200) break;
    assert.ok(Date.now() < giveUpAt, `${SERVICE} is not in the catalog`);
    await sleep(500);
  }
});

after(async () => {
  await portalOff?.stop();
  await portal?.stop();
});

/** One thing that a route is asked for. */
interface Asked extends Route {
  /** The operation, and what of it. */
  name: string;
  row: Row;
}

function askedFor(route: Route): Asked[] {
  const { each, ...row } = ROWS[route.operation] ?? { allowed: [] };
  const { operation } = route;
  return each
    ? Object.entries(each).map(([what, one]) => ({
        ...{ ...route, row: one, name: `${operation} (${what})` },
      }))
    : [{ ...route, row, name: operation }];
}

async function ask(
  caller: Pick<Caller, 'user' | 'token' | 'isOff'>,
  route: Asked,
  cluster: ClusterName,
): Promise<Answer> {
  const { row } = route;
  const id = ids.get(cluster) ?? '';
  const path = route.path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => (name === 'id' ? id : row.path?.[name]) ?? NOTHING,
  );
  const target = caller.isOff ? portalOff : portal;
  if (route.operation === 'openStream') {
    // It does not end by itself.
    const token =
      caller.token ?? (caller.user && (await target.token(caller.user)));
    const abort = new AbortController();
    const answer = await fetch(`${target.url}/api/k8s${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(row.body?.(id)),
      signal: abort.signal,
    });
    const { status, headers } = answer;
    const body = status === 200 ? undefined : await answer.json();
    abort.abort();
    return { status, headers, body };
  }
  const query = typeof row.query === 'function' ? row.query(id) : row.query;
  const answer = await target.call(`${route.method} ${path}${query ?? ''}`, {
    as: caller.user,
    token: caller.token,
    body: row.body?.(id),
    headers: row.headers,
  });
  if (answer.body.kind === 'Status') {
    // As Kubernetes says it.
    const { message } = answer.body;
    return { ...answer, body: { error: { message } } };
  }
  return row.isFannedOut ? answerOfOne(answer) : answer;
}

/** What one cluster, the only one that was selected, said. */
function answerOfOne(answer: Answer): Answer {
  if (answer.status !== 200) return answer;
  const { items, errors } = answer.body;
  assert.equal(items.length + errors.length, 1, JSON.stringify(answer.body));
  const [error] = errors;
  return error
    ? {
        ...answer,
        status: error.status,
        body: { error: { message: error.error } },
      }
    : answer;
}

/** Whether a caller may by the table of roles, or does not even see the cluster. */
function expectation(
  caller: Caller,
  row: Row,
  cluster: ClusterName,
): 'allowed' | 'refused' | 'hidden' {
  if (!row.permission) return 'allowed';
  const role = row.isForAnyCluster
    ? caller.role(EU) ?? caller.role(US)
    : caller.role(row.isWithoutCluster ? undefined : cluster);
  if (!role) return row.isWithoutCluster ? 'refused' : 'hidden';
  const isRead = /\.read$/.test(row.permission);
  if (!isRead && (caller.isReadOnly || caller.isOff)) return 'refused';
  const grant = ROLE_GRANTS[row.permission]?.[role];
  return grantCovers(grant, row.category) ? 'allowed' : 'refused';
}

function checkRefusal(answer: Answer, statuses: number[]) {
  assert.ok(
    statuses.includes(answer.status),
    `${answer.status}: ${JSON.stringify(answer.body)}`,
  );
  assert.equal(typeof answer.body.error.message, 'string');
  assert.equal(answer.body.error.stack, undefined);
}

const routes = openApiRoutes();
const requests = routes.flatMap(askedFor);

test('every route has a row', () => {
  const operations = routes.map(({ operation }) => operation);
  assert.deepEqual(Object.keys(ROWS).sort(), operations.sort());
});

test('every view and every topic has a row', () => {
  const { views, topics } = openApiChoices();
  const rowsOf = (operation: string) =>
    Object.values(ROWS[operation].each ?? {});
  const subscriptions = rowsOf('openStream').flatMap(({ body }) => {
    const asked = body?.('any') as { subscriptions: { topic: string }[] };
    return asked.subscriptions;
  });
  assert.deepEqual(
    new Set(rowsOf('getView').map(({ path }) => path?.view)),
    new Set(views),
  );
  assert.deepEqual(
    new Set(subscriptions.map(({ topic }) => topic)),
    new Set(topics),
  );
});

describe('somebody without a token', () => {
  for (const route of requests) {
    test(`is refused ${route.name}`, async () => {
      checkRefusal(await ask({}, route, EU), [401]);
    });
  }
});

for (const caller of CALLERS) {
  describe(caller.name, () => {
    for (const cluster of [EU, US] as const) {
      for (const route of requests) {
        const { row } = route;
        const expected = expectation(caller, row, cluster);
        // Deleting is tried by those who may in a test of its own.
        if (route.operation === 'deleteCluster' && expected === 'allowed') {
          continue;
        }
        if (row.isWithoutCluster && cluster === US) continue;
        test(`${route.name} on ${cluster} is ${expected}`, async () => {
          const answer = await ask(caller, route, cluster);
          if (expected === 'allowed') {
            assert.ok(
              row.allowed.includes(answer.status),
              `${answer.status}: ${JSON.stringify(answer.body)}`,
            );
            if (answer.status === 404 && !row.isWithoutCluster) {
              // The cluster is seen; it is the object that is not there.
              assert.match(answer.body.error.message, new RegExp(NOTHING));
            }
            return;
          }
          if (expected === 'refused') {
            checkRefusal(answer, [403]);
            if (caller.isOff) {
              assert.match(answer.body.error.message, /permission\.enabled/);
            }
            return;
          }
          checkRefusal(answer, [404]);
          const id = ids.get(cluster) ?? '';
          const other = 'n0n0n0n0n0';
          ids.set(cluster, other);
          const unknown = await ask(caller, route, cluster).finally(() =>
            ids.set(cluster, id),
          );
          assert.equal(
            answer.body.error.message.replaceAll(id, 'ID'),
            unknown.body.error.message.replaceAll(other, 'ID'),
            'a hidden cluster is not told from one that does not exist',
          );
        });
      }
    }

    test('sees the clusters that it has a role on, in the list and in the audit', async () => {
      const seen = [EU, US].filter(name => caller.role(name as ClusterName));
      const target = caller.isOff ? portalOff : portal;
      const who = { as: caller.user, token: caller.token };
      const { body } = await target.call('GET /clusters', who);
      const names = body.clusters.map(({ name }: { name: string }) => name);
      assert.deepEqual(names, seen);
      const audit = (await target.call('GET /audit', who)).body;
      const isAdminEverywhere =
        !caller.isOff &&
        caller.role(EU) === 'K8sAdmin' &&
        caller.role(US) === 'K8sAdmin';
      if (isAdminEverywhere) {
        assert.equal(audit.scope, 'all');
      } else {
        assert.equal(audit.scope, caller.name === 'owner' ? 'clusters' : 'own');
      }
    });

    test('is told of a service on the clusters that it has a role on', async () => {
      const { status, body } = await (caller.isOff ? portalOff : portal).call(
        `GET /deployments?entity=${SERVICE}`,
        { as: caller.user, token: caller.token },
      );
      assert.equal(status, 200, JSON.stringify(body));
      const seen = [EU, US].filter(name => caller.role(name as ClusterName));
      const names = (of: { name: string }[]) => of.map(({ name }) => name);
      assert.deepEqual(names(body.clusters), seen);
      const others = [...ids]
        .filter(([name]) => !seen.includes(name))
        .map(([, id]) => id);
      for (const id of others) assert.ok(!JSON.stringify(body).includes(id));
    });

    test('is told the totals of the cache only as who may change every cluster', async () => {
      const { body } = await (caller.isOff ? portalOff : portal).call(
        'GET /cache',
        { as: caller.user, token: caller.token },
      );
      const mayEverywhere = [EU, US].every(
        name =>
          expectation(caller, ROWS.updateCluster, name as ClusterName) ===
          'allowed',
      );
      assert.deepEqual(
        Object.keys(body).sort(),
        mayEverywhere
          ? ['clusters', 'history', 'kinds', 'memory', 'process']
          : ['clusters', 'kinds'],
      );
    });
  });
}

const REVIEWED: Record<string, string> = {
  'cluster.register': 'registerCluster',
  'cluster.read': 'getCluster',
  'cluster.update': 'updateCluster',
  'cluster.delete': 'deleteCluster',
  'resource.read': 'getDeployment',
  'resource.create': 'createDeployment',
  'resource.update': 'replaceDeployment',
  'resource.delete': 'deleteDeployment',
  'logs.read': 'readPodLogs',
  'terminal.open': 'createTerminal',
};

for (const caller of CALLERS) {
  test(`a review tells ${caller.name} what the routes would`, async () => {
    const asked = [EU, US].flatMap(cluster =>
      Object.entries(REVIEWED).map(([action, operation]) => ({
        expected:
          expectation(caller, ROWS[operation], cluster as ClusterName) ===
          'allowed',
        review: {
          action,
          ...(action !== 'cluster.register' && {
            cluster: ids.get(cluster as ClusterName),
          }),
          ...(/^(logs|terminal)/.test(action) && {
            group: '',
            plural: 'pods',
            namespace: 'default',
          }),
          ...(action.startsWith('resource') && {
            group: 'apps',
            plural: 'deployments',
            namespace: 'default',
          }),
        },
      })),
    );
    const target = caller.isOff ? portalOff : portal;
    const { status, body } = await target.call('POST /access-reviews', {
      as: caller.user,
      token: caller.token,
      body: {
        reviews: [
          ...asked.map(({ review }) => review),
          { action: 'audit.readAll' },
        ],
      },
    });
    assert.equal(status, 200, JSON.stringify(body));
    const answers = body.reviews.map(
      ({ allowed }: { allowed: boolean }) => allowed,
    );
    const readsAll =
      !caller.isOff &&
      caller.role(EU) === 'K8sAdmin' &&
      caller.role(US) === 'K8sAdmin';
    assert.deepEqual(answers, [
      ...asked.map(({ expected }) => expected),
      readsAll,
    ]);
  });
}

test('only who may change a cluster may check another credential for it', async () => {
  const check = (as: DemoUser, cluster: ClusterName) =>
    portal.call('POST /cluster-checks', {
      as,
      body: { id: ids.get(cluster), kubeconfig: '{}' },
    });
  checkRefusal(await check('operator', EU), [403]);
  checkRefusal(await check('owner', US), [404]);
  assert.ok([200, 400].includes((await check('owner', EU)).status));
});

test('an operator has no say in system namespaces', async () => {
  const system = (method: string, namespace: string, rest = '') =>
    portal.call(`${method} /clusters/${ids.get(EU)}/${namespace}${rest}`, {
      as: 'operator',
    });
  for (const answer of [
    await system('DELETE', 'namespaces/kube-system'),
    await system('DELETE', 'deployments/kube-system/x'),
    await system('POST', 'deployments/kube-system/x', '/restart'),
  ]) {
    checkRefusal(answer, [403]);
    assert.match(answer.body.error.message, /K8sAdmin/);
  }
});

test('an operator cannot change the Pod Security level of a namespace', async () => {
  const answer = await portal.call(
    `POST /clusters/${ids.get(EU)}/namespaces?dryRun=true`,
    {
      as: 'operator',
      body: {
        name: NOTHING,
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    },
  );
  checkRefusal(answer, [403]);
});

test('an owner cannot give the cluster a label or an owner that opens another way', async () => {
  const { body } = await portal.call(`GET /clusters/${ids.get(EU)}`, {
    as: 'admin',
  });
  assert.equal(body.owner, 'user:default/owner');
  const answer = await portal.call(`PUT /clusters/${ids.get(US)}`, {
    as: 'owner',
    body: { owner: 'user:default/owner' },
  });
  checkRefusal(answer, [404]);
});

test('an owner does not find the entity of a cluster that nobody owns', async () => {
  const statusOf = async (user: DemoUser, name: string) => {
    const { status } = await fetch(
      `${portal.url}/api/catalog/entities/by-name/resource/default/${name}`,
      { headers: { Authorization: `Bearer ${await portal.token(user)}` } },
    );
    return status;
  };
  const giveUpAt = Date.now() + 30_000;
  for (const name of [EU, US]) {
    while ((await statusOf('admin', name)) !== 200) {
      assert.ok(Date.now() < giveUpAt, `${name} is not in the catalog`);
      await sleep(500);
    }
  }
  assert.equal(await statusOf('owner', EU), 200);
  assert.equal(await statusOf('owner', US), 404);
});

test('those who may delete a cluster do so, by name or by confirmation', async () => {
  for (const [cluster, user] of [
    [US, 'admin'],
    [EU, 'owner'],
  ] as const) {
    const id = ids.get(cluster);
    const answer = await portal.call(`DELETE /clusters/${id}?confirm=true`, {
      as: user,
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(answer.body, { success: true });
    const gone = await portal.call(`GET /clusters/${id}`, { as: 'admin' });
    assert.equal(gone.status, 404);
  }
});
