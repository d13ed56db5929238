import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';
import { contextOf } from '../cache/__testUtils__/objects';
import type { KindStatus } from '../cache/CacheStatus';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { MemoryResources } from '../workloads/__fixtures__/MemoryResources';
import { eventsView } from '../views/viewQueries';
import { EVENTS, PODS } from '../workloads/ResourceKinds';
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

const LISTED: Omit<KindStatus, 'cluster' | 'group' | 'version' | 'plural'> = {
  ...{ state: 'live', keeps: 'objects', objects: 0, subscribers: 0 },
  ...{ packedBytes: 0, memoryBytes: 0, changes: 0, garbage: 0, errors: 0 },
  ...{ lists: 1, resets: 0 },
};

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

  /** Records what is in memory; `kinds`: what the cache says of the lists it has read. */
  function recording(
    kinds: () => Promise<KindStatus[]> = async () => [
      { ...LISTED, ...EVENTS, cluster: CLUSTER, lists: 1 },
    ],
  ) {
    const resources = new MemoryResources();
    const keep = jest.spyOn(store, 'keep');
    const recorder = new EventRecorder({
      store,
      reader: resources,
      cache: { kinds },
      clusters: async () => [{ id: CLUSTER }],
      system: contextOf(),
      logger: mockServices.logger.mock(),
    });
    return { resources, keep, recorder };
  }

  it('are recorded from the cache, each version once; a cluster that is away is passed over', async () => {
    const { resources, keep, recorder } = recording();
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

  it('are recorded all of them after a list was read again: the versions of the cluster may have gone back', async () => {
    let lists = 1;
    const { resources, keep, recorder } = recording(async () => [
      { ...LISTED, ...EVENTS, cluster: CLUSTER, lists },
      // Of other kinds and clusters it does not matter.
      { ...LISTED, ...PODS, cluster: CLUSTER, lists: lists + 1 },
      { ...LISTED, ...EVENTS, cluster: 'c2', lists: lists + 2 },
    ]);
    resources.set('events', event('before', { version: 500 }));
    await recorder.record();
    // An etcd that was restored, and has caught up with 500 since or not.
    resources.unset('events', event('before'));
    resources.set('events', event('since', { version: 420 }));
    await recorder.record();
    expect(await names()).toEqual(['before']);
    lists += 1;
    await recorder.record();
    expect((await names()).sort()).toEqual(['before', 'since']);
    await recorder.record();
    expect(keep).toHaveBeenCalledTimes(2);
    resources.set('events', event('later', { version: 430 }));
    await recorder.record();
    expect((await names()).sort()).toEqual(['before', 'later', 'since']);
  });

  it('are recorded when the rest of the first list comes, which may be older', async () => {
    const { resources, recorder } = recording();
    const list = jest.spyOn(resources, 'list');
    list.mockResolvedValueOnce({
      items: [event('newest', { version: 9 })],
      resourceVersion: '',
      cache: { state: 'syncing' },
    });
    resources.set('events', event('newest', { version: 9 }));
    resources.set('events', event('oldest', { version: 3 }));
    await recorder.record();
    expect(await names()).toEqual(['newest']);
    await recorder.record();
    expect((await names()).sort()).toEqual(['newest', 'oldest']);
  });

  it('are recorded all of them while the cache cannot tell what it has read', async () => {
    let isAway = true;
    const { resources, recorder } = recording(async () => {
      if (isAway) throw new ServiceUnavailableError('It is started again');
      return [];
    });
    resources.set('events', event('a'));
    await recorder.record();
    expect(await names()).toEqual(['a']);
    isAway = false;
    await recorder.record();
    expect(await names()).toEqual(['a']);
  });

  it('are recorded all of them where the cache has nothing any more: it counts its lists anew', async () => {
    let kinds: KindStatus[] = [
      { ...LISTED, ...EVENTS, cluster: CLUSTER, lists: 1 },
    ];
    const { resources, recorder } = recording(async () => kinds);
    resources.set('events', event('before', { version: 500 }));
    await recorder.record();
    kinds = [];
    resources.unset('events', event('before'));
    resources.set('events', event('since', { version: 420 }));
    await recorder.record();
    expect((await names()).sort()).toEqual(['before', 'since']);
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
