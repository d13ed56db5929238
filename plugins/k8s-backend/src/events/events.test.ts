import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';
import { contextOf } from '../cache/__testUtils__/objects';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { MemoryResources } from '../workloads/__fixtures__/MemoryResources';
import { eventsView } from '../views/viewQueries';
import { EVENTS } from '../workloads/ResourceKinds';
import type { EventObject } from '../workloads/WorkloadObjects';
import { DatabaseEventStore } from './DatabaseEventStore';
import { EventRecorder } from './EventRecorder';
import { rememberingEvents } from './rememberingEvents';

jest.setTimeout(60_000);

const databases = storeDatabases();
const CLUSTER = 'c1';
const DAY_MS = 24 * 60 * 60 * 1000;
const RECENT = new Date(Date.now() - 60_000).toISOString();
const OLD = new Date(Date.now() - 3 * DAY_MS).toISOString();

function event(
  name: string,
  more: {
    version?: number;
    at?: string;
    namespace?: string;
    about?: string;
    count?: number;
    message?: string;
  } = {},
): EventObject {
  const { version = 1, at = RECENT, namespace = 'shop', about = 'web' } = more;
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      resourceVersion: String(version),
      managedFields: [],
    },
    type: 'Warning',
    reason: 'BackOff',
    message: more.message ?? 'It failed',
    count: more.count ?? 1,
    lastTimestamp: at,
    involvedObject: { kind: 'Pod', namespace, name: about, uid: 'pod' },
  };
}

async function registerCluster(database: Knex) {
  await database('clusters').insert({
    id: CLUSTER,
    name: 'one',
    name_key: 'one',
    slug: 'one',
    uid: 'uid',
    server: 'https://one',
    skip_tls_verify: false,
    labels: '{}',
    protected: false,
    credential_type: 'token',
    seal_version: 1,
    key_id: 'k',
    wrapped_key: 'w',
    sealed_credential: 's',
    generation: 1,
    revision: 1,
    created_at: 0,
    updated_at: 0,
  });
}

describe.each(databases.ids)('events on %s', databaseId => {
  let database: Knex;
  let store: DatabaseEventStore;
  const names = async (more: object = {}) =>
    (await store.list({ cluster: CLUSTER, since: 0, ...more })).map(
      ({ metadata }) => metadata.name,
    );

  beforeEach(async () => {
    database = await databases.open(databaseId);
    await registerCluster(database);
    store = new DatabaseEventStore(database);
  });

  it('are kept once, in their newest form, and found by what they are about', async () => {
    await store.keep(CLUSTER, [
      event('a', { at: OLD }),
      event('b', { about: 'other' }),
      event('c', { namespace: 'elsewhere' }),
    ]);
    await store.keep(CLUSTER, [event('a', { at: RECENT, count: 7 })]);
    expect((await names()).sort()).toEqual(['a', 'b', 'c']);
    expect(await names({ namespace: 'elsewhere' })).toEqual(['c']);
    const involved = { kind: 'Pod', name: 'web' };
    const [found] = await store.list({
      cluster: CLUSTER,
      namespace: 'shop',
      involved,
      since: 0,
    });
    expect(found).toMatchObject({ count: 7, lastTimestamp: RECENT });
    expect(found.metadata.managedFields).toBeUndefined();
    expect(await names({ since: Date.now() })).toEqual([]);
  });

  it('are many at once, long, or odd', async () => {
    const many = Array.from({ length: 450 }, (_, index) =>
      event(`e-${index}`, { message: 'x'.repeat(5_000) }),
    );
    await store.keep(CLUSTER, [
      ...many,
      { metadata: { name: 'no-uid' } },
      { metadata: { name: 'no-time', uid: 'no-time' } },
      event('long-name', { about: 'x'.repeat(300) }),
      event('odd-name', { about: 'a\0b' }),
    ]);
    const kept = await store.list({ cluster: CLUSTER, since: 0 });
    expect(kept).toHaveLength(450);
    expect(kept[0].message).toHaveLength(2_048);
  });

  it('are forgotten when they are old, and with their cluster', async () => {
    await store.keep(CLUSTER, [event('a', { at: OLD }), event('b')]);
    await store.prune(2 * DAY_MS);
    expect(await names()).toEqual(['b']);
    await database('clusters').delete();
    expect(await names()).toEqual([]);
    await store.keep(CLUSTER, [event('late')]);
    expect(await names()).toEqual([]);
  });

  it('are recorded from the cache, each version once; a cluster that is away is passed over', async () => {
    const resources = new MemoryResources();
    const keep = jest.spyOn(store, 'keep');
    const recorder = new EventRecorder({
      store,
      reader: resources,
      clusters: async () => [{ id: CLUSTER }],
      system: contextOf(),
      logger: mockServices.logger.mock(),
    });
    resources.set('events', event('a', { version: 5 }));
    resources.set('events', event('b', { version: 12 }));
    await recorder.record();
    await recorder.record();
    expect(keep).toHaveBeenCalledTimes(1);
    resources.set('events', event('a', { version: 13, count: 2 }));
    resources.failures.set('events', new ServiceUnavailableError('away'));
    await recorder.record();
    expect(keep).toHaveBeenCalledTimes(1);
    resources.failures.clear();
    await recorder.record();
    expect(keep).toHaveBeenLastCalledWith(CLUSTER, [
      expect.objectContaining({ count: 2 }),
    ]);
    expect((await names()).sort()).toEqual(['a', 'b']);
  });

  it('are answered with those that the cluster still has, as far as they may be seen', async () => {
    const resources = new MemoryResources();
    await store.keep(CLUSTER, [
      event('gone'),
      event('both', { count: 1 }),
      event('hidden', { namespace: 'hidden' }),
      event('other', { about: 'other' }),
    ]);
    resources.set('events', event('both', { count: 9 }));
    const client = rememberingEvents(resources, { store });
    const list = async (more: object) => {
      const { items } = await client.list(
        { ...EVENTS, cluster: CLUSTER, ...more },
        { context: contextOf() },
      );
      return (items as EventObject[])
        .map(({ metadata, count }) => `${metadata.name} ${count}`)
        .sort();
    };
    expect(await list({})).toEqual(['both 9']);
    const about = { kind: 'Pod', name: 'web' };
    const filter = {
      cluster: { id: CLUSTER, name: 'one', labels: {} },
      criteria: {
        rule: 'IS_NAMESPACE',
        resourceType: 'k8s-resource',
        params: { namespaces: ['shop'] },
      },
    };
    expect(await list({ since: OLD, about, filter })).toEqual([
      'both 9',
      'gone 1',
    ]);
    const view = async (more: object) => {
      const query = eventsView({
        cluster: CLUSTER,
        involved: 'Pod/web',
        ...more,
      });
      const events = { ...query.parts.events, filter };
      const { rows } = await client.view(
        { ...query, parts: { events } },
        { context: contextOf() },
      );
      return rows.map(({ json }) => JSON.parse(json).count);
    };
    expect(await view({})).toEqual([9]);
    expect(await view({ since: OLD })).toEqual([10]);
  });
});
