import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ServiceUnavailableError } from '@backstage/errors';
import type { ClusterStore, RegisteredCluster } from '../clusters/ClusterStore';
import type {
  ClusterConnection,
  ClusterConnections,
  KubeRequest,
} from '../connection/ClusterConnection';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { answerError } from '../errors/clusterErrors';
import { timeoutError } from '../errors/connectionErrors';
import { DatabaseHealthStore } from './DatabaseHealthStore';
import { DefaultHealthMonitor } from './DefaultHealthMonitor';
import { HealthAnnouncer } from './HealthAnnouncer';

jest.setTimeout(60_000);

const databases = storeDatabases();
const logger = mockServices.logger.mock();
const OWNER = 'group:default/owners';

/** How a cluster answers: the parts that fail, or an error for all. */
interface Behaviour {
  all?: Error;
  /** Nothing is ever answered. */
  hangs?: boolean;
  etcd?: boolean;
  scheduler?: boolean;
  /** The node that is not ready; there is another one, which is. */
  awayNode?: string;
  /** Why the credential cannot be renewed. */
  credential?: string;
}

function connectionOf(id: string, behaviour: Behaviour): ClusterConnection {
  const answer = ({ path }: KubeRequest) => {
    if (behaviour.all) throw behaviour.all;
    if (path === '/readyz') return { status: 200, text: 'readyz check passed' };
    if (path === '/readyz/etcd') {
      return { status: behaviour.etcd ? 500 : 200, text: 'ok' };
    }
    if (path === '/version') return { text: '{"gitVersion":"v1.37.2"}' };
    if (path.includes('/leases/')) {
      if (behaviour.etcd) throw timeoutError();
      const isLate = behaviour.scheduler && path.endsWith('kube-scheduler');
      const renewTime = new Date(Date.now() - (isLate ? 60_000 : 1_000));
      return {
        text: JSON.stringify({
          spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime },
        }),
      };
    }
    if (path === '/api/v1/nodes' && behaviour.awayNode) {
      const columns = ['Name', 'Status', 'Version'];
      return {
        text: JSON.stringify({
          columnDefinitions: columns.map(name => ({ name })),
          rows: [
            { cells: ['well', 'Ready', 'v1.37.2'] },
            { cells: [behaviour.awayNode, 'NotReady', 'v1.37.2'] },
          ],
        }),
      };
    }
    return { text: '{"columnDefinitions":[],"rows":[]}' };
  };
  return {
    cluster: id,
    generation: 1,
    request: async request => {
      if (behaviour.hangs) await new Promise(() => {});
      const { status = 200, text } = answer(request);
      return {
        status,
        headers: {},
        json: async () => JSON.parse(text),
        text: async () => text,
        body: async function* body() {
          yield Buffer.from(text);
        },
      };
    },
    socket: async () => {
      throw new Error('Health is asked for by requests');
    },
    state: () => ({
      circuit: 'closed',
      lastSeen: '2026-11-23T12:00:00.000Z',
      serverCertificateExpiresAt: '2036-01-01T00:00:00.000Z',
      credentialProblem: behaviour.credential,
    }),
  };
}

describe.each(databases.ids)('health on %s', databaseId => {
  let database: Knex;
  const monitors: DefaultHealthMonitor[] = [];

  beforeEach(async () => {
    database = await databases.open(databaseId);
  });

  afterEach(() => {
    monitors.splice(0).forEach(monitor => monitor.stop());
  });

  async function addCluster(id: string): Promise<RegisteredCluster> {
    await database('clusters').insert({
      id,
      name: id,
      name_key: id,
      slug: id,
      uid: id,
      server: id,
      skip_tls_verify: false,
      labels: '{}',
      protected: false,
      impersonates: false,
      credential_type: 'token',
      seal_version: 1,
      key_id: 'k',
      wrapped_key: '',
      sealed_credential: '',
      generation: 1,
      revision: 1,
      created_at: 0,
      updated_at: 0,
    });
    return { id, name: id, owner: OWNER, generation: 1 } as RegisteredCluster;
  }

  function monitorOf(
    clusters: Record<string, { row: RegisteredCluster; is: Behaviour }>,
  ) {
    const told = {
      events: jest.fn(async () => {}),
      notifications: jest.fn(async () => {}),
      audit: [] as unknown[],
    };
    const monitor = new DefaultHealthMonitor({
      store: new DatabaseHealthStore(database),
      clusters: {
        list: async () => Object.values(clusters).map(({ row }) => row),
        get: async (id: string) => clusters[id].row,
      } as unknown as ClusterStore,
      connections: {
        get: async (id: string) => connectionOf(id, clusters[id].is),
        onChange: () => () => {},
        onCircuit: () => () => {},
      } satisfies ClusterConnections,
      announcer: new HealthAnnouncer({
        audit: {
          change: async (intent, context, work) => {
            told.audit.push([
              intent.action,
              context.principal.type,
              intent.details,
            ]);
            return work(() => {});
          },
          record: async () => {},
          refused: async () => {},
        },
        auth: mockServices.auth(),
        events: { publish: told.events },
        notifications: { send: told.notifications },
        logger,
      }),
      logger,
    });
    monitors.push(monitor);
    return { monitor, told };
  }

  const statusesOf = (components: { name: string; status: string }[]) =>
    Object.fromEntries(components.map(({ name, status }) => [name, status]));

  it('is unknown before the first check', async () => {
    const row = await addCluster('one');
    const { monitor } = monitorOf({ one: { row, is: {} } });
    expect(await monitor.get('one')).toEqual({
      status: 'unknown',
      components: [],
      history: [],
    });
  });

  it('turns one component and no other, and back', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const { monitor } = monitorOf({ one: { row, is } });
    const well = await monitor.check('one', {});
    expect(well.status).toBe('healthy');
    expect(new Set(Object.values(statusesOf(well.components)))).toEqual(
      new Set(['healthy']),
    );
    is.scheduler = true;
    const ill = await monitor.check('one', {});
    expect(ill).toMatchObject({
      status: 'degraded',
      reason: expect.stringMatching(/^scheduler: It has not renewed/),
    });
    expect(statusesOf(ill.components)).toEqual({
      ...statusesOf(well.components),
      scheduler: 'unhealthy',
    });
    is.scheduler = false;
    expect((await monitor.check('one', {})).status).toBe('healthy');
  });

  it('keeps what it last knew, with its age, of what cannot be known now', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const { monitor } = monitorOf({ one: { row, is } });
    const well = await monitor.check('one', {});
    const part = (health: typeof well, name: string) =>
      health.components.find(component => component.name === name);
    is.etcd = true;
    const ill = await monitor.check('one', {});
    expect(ill.status).toBe('unhealthy');
    expect(part(ill, 'etcd')?.status).toBe('unhealthy');
    expect(part(ill, 'apiserver')?.status).toBe('healthy');
    expect(part(ill, 'scheduler')).toEqual(part(well, 'scheduler'));
    is.all = timeoutError();
    const away = await monitor.check('one', {});
    expect(away).toMatchObject({
      status: 'unreachable',
      reason: 'The API server did not answer in time',
    });
    expect(part(away, 'apiserver')?.status).toBe('unreachable');
    expect(part(away, 'apiserver')?.seen).toBe(part(ill, 'apiserver')?.seen);
    for (const name of [
      ...['etcd', 'scheduler', 'nodes'],
      ...['certificates', 'connection'],
    ]) {
      expect(part(away, name)).toEqual(part(ill, name));
    }
  });

  it('shows a credential that is refused or cannot be decrypted as the fault of our connection', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const { monitor } = monitorOf({ one: { row, is } });
    await monitor.check('one', {});
    for (const error of [
      answerError({ status: 401, body: '' }),
      new ServiceUnavailableError('The credential cannot be decrypted'),
    ]) {
      is.all = error;
      const health = await monitor.check('one', {}).catch(thrown => thrown);
      expect(health).toMatchObject({
        status: 'unreachable',
        reason: error.message,
      });
      expect(statusesOf(health.components)).toMatchObject({
        connection: 'unhealthy',
        apiserver: 'healthy',
      });
    }
  });

  it('says while all is well that the credential cannot be renewed', async () => {
    const row = await addCluster('one');
    const is: Behaviour = { credential: 'The issuer is away' };
    const { monitor } = monitorOf({ one: { row, is } });
    expect(await monitor.check('one', {})).toMatchObject({
      status: 'degraded',
      reason: 'connection: The issuer is away',
    });
    is.credential = undefined;
    expect((await monitor.check('one', {})).status).toBe('healthy');
  });

  it('names nodes to those who may read them, and nowhere else', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const { monitor, told } = monitorOf({ one: { row, is } });
    const mayNameNodes = jest.fn(async () => true);
    await monitor.check('one', { mayNameNodes });
    expect(mayNameNodes).not.toHaveBeenCalled();
    is.awayNode = 'node-a';
    const counted = '1 of 2 nodes are not ready';
    const nodes = (message: string) => ({
      reason: `nodes: ${counted}`,
      components: expect.arrayContaining([
        expect.objectContaining({ name: 'nodes', message }),
      ]),
      history: expect.arrayContaining([
        expect.objectContaining({ component: 'nodes', message: counted }),
      ]),
    });
    const named = nodes(`${counted}: node-a`);
    expect(await monitor.check('one', { mayNameNodes })).toMatchObject(named);
    expect(await monitor.get('one', { mayNameNodes })).toMatchObject(named);
    for (const health of [
      await monitor.check('one', {}),
      await monitor.get('one'),
      await monitor.get('one', { mayNameNodes: async () => false }),
    ]) {
      expect(health).toMatchObject(nodes(counted));
      expect(JSON.stringify(health)).not.toMatch(/node-a|naming/);
    }
    expect((await monitor.summaries()).get('one')?.reason).toBe(
      `nodes: ${counted}`,
    );
    for (const calls of [
      told.audit,
      told.events.mock.calls,
      told.notifications.mock.calls,
    ]) {
      expect(JSON.stringify(calls)).toContain(counted);
      expect(JSON.stringify(calls)).not.toContain('node-a');
    }
  });

  it('keeps a history of changes only, newest first, for a week', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const { monitor } = monitorOf({ one: { row, is } });
    await monitor.check('one', {});
    const first = (await monitor.get('one')).history.length;
    await monitor.check('one', {});
    expect((await monitor.get('one')).history).toHaveLength(first);
    is.scheduler = true;
    await monitor.check('one', {});
    const { history } = await monitor.get('one');
    expect(history).toHaveLength(first + 2);
    expect(
      history.slice(0, 2).map(({ component, status }) => [component, status]),
    ).toEqual([
      ['cluster', 'degraded'],
      ['scheduler', 'unhealthy'],
    ]);
    const week = 7 * 24 * 60 * 60 * 1000;
    const store = new DatabaseHealthStore(database);
    await database('cluster_health_history')
      .where({ component: 'cluster', status: 'healthy' })
      .update({ at: Date.now() - week - 1000 });
    await store.prune(week);
    expect(await store.history('one')).toHaveLength(first + 1);
  });

  it('tells of a change of status once: an event, the owner, the audit', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const clusters = { one: { row, is } };
    const { monitor, told } = monitorOf(clusters);
    await monitor.check('one', {});
    expect(told.events).toHaveBeenCalledTimes(1);
    // That a new cluster works is no news to its owner.
    expect(told.notifications).not.toHaveBeenCalled();
    is.all = timeoutError();
    await monitor.check('one', {});
    await monitor.check('one', {});
    expect(told.events).toHaveBeenCalledTimes(2);
    expect(told.events).toHaveBeenLastCalledWith({
      topic: 'k8s.health',
      eventPayload: expect.objectContaining({
        id: 'one',
        from: 'healthy',
        to: 'unreachable',
      }),
    });
    expect(told.notifications).toHaveBeenCalledTimes(1);
    expect(told.notifications).toHaveBeenCalledWith({
      recipients: { type: 'entity', entityRef: OWNER },
      payload: expect.objectContaining({
        title: 'The cluster one is unreachable',
        severity: 'critical',
      }),
    });
    expect(told.audit).toEqual([
      ['cluster.health', 'system', expect.objectContaining({ to: 'healthy' })],
      [
        'cluster.health',
        'system',
        expect.objectContaining({ from: 'healthy', to: 'unreachable' }),
      ],
    ]);
  });

  it('tells once although two instances check at once', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const clusters = { one: { row, is } };
    const [one, two] = [monitorOf(clusters), monitorOf(clusters)];
    const both = () =>
      Promise.all([one, two].map(({ monitor }) => monitor.check('one', {})));
    await both();
    is.scheduler = true;
    await both();
    const events =
      one.told.events.mock.calls.length + two.told.events.mock.calls.length;
    expect(events).toBe(2);
    const rows = await database('cluster_health_history').where({
      component: 'cluster',
    });
    expect(rows).toHaveLength(2);
  });

  it('answers every instance alike, and from memory while the database is away', async () => {
    const row = await addCluster('one');
    const is: Behaviour = {};
    const clusters = { one: { row, is } };
    const [one, two] = [monitorOf(clusters), monitorOf(clusters)];
    await one.monitor.check('one', {});
    await two.monitor.start();
    const heard = jest.fn();
    two.monitor.onChange(heard);
    expect((await two.monitor.summaries()).get('one')).toMatchObject({
      status: 'healthy',
      version: 'v1.37.2',
    });
    await database.destroy();
    expect((await two.monitor.summaries()).get('one')?.status).toBe('healthy');
    expect(await two.monitor.get('one')).toMatchObject({
      status: 'healthy',
      history: [],
    });
    expect(heard).not.toHaveBeenCalled();
  });

  it('answers without the history when the database says nothing', async () => {
    const row = await addCluster('one');
    const { monitor } = monitorOf({ one: { row, is: {} } });
    await monitor.check('one', {});
    const hanging = jest
      .spyOn(DatabaseHealthStore.prototype, 'history')
      .mockReturnValue(new Promise(() => {}));
    expect(await monitor.get('one')).toMatchObject({
      status: 'healthy',
      history: [],
    });
    hanging.mockRestore();
    expect((await monitor.get('one')).history).not.toEqual([]);
  });

  it('stores nothing of a cluster that was removed meanwhile', async () => {
    const row = await addCluster('one');
    const { monitor, told } = monitorOf({ one: { row, is: {} } });
    await database('clusters').delete();
    await monitor.check('one', {});
    expect(await database('cluster_health').select('*')).toEqual([]);
    expect(told.events).not.toHaveBeenCalled();
  });

  it('renews only the check that it was compared with, and that of no cluster that is gone', async () => {
    const row = await addCluster('one');
    const { monitor } = monitorOf({ one: { row, is: {} } });
    await monitor.check('one', {});
    const store = new DatabaseHealthStore(database);
    const known = (await store.load(['one'])).get('one');
    if (!known) throw new Error('It was not stored');
    const renew = (revision: number) =>
      store.save('one', known.check, { revision, transitions: [] });
    expect(await renew(1)).toBe(true);
    expect(await renew(1)).toBe(false);
    expect(await store.revisions()).toEqual(new Map([['one', 2]]));
    await database('clusters').delete();
    expect(await renew(2)).toBe(false);
    expect(await database('cluster_health').select('*')).toEqual([]);
  });

  it('does not let clusters that are away delay the others', async () => {
    const clusters: Record<string, { row: RegisteredCluster; is: Behaviour }> =
      {};
    for (let n = 0; n < 20; n++) {
      clusters[`away${n}`] = {
        row: await addCluster(`away${n}`),
        is: { all: timeoutError() },
      };
    }
    clusters.well = { row: await addCluster('well'), is: {} };
    const { monitor } = monitorOf(clusters);
    await monitor.checkAll();
    for (const { is } of Object.values(clusters)) {
      if (is.all) is.hangs = true;
    }
    clusters.well.is.scheduler = true;
    const noticed = new Promise<string>(resolve => {
      monitor.onChange(resolve);
    });
    // Never ends: more hang than are checked at once.
    void monitor.checkAll();
    expect(await noticed).toBe('well');
    expect((await monitor.get('well')).status).toBe('degraded');
  });
});
