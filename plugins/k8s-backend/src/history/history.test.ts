/** What is kept of changes, by whom it is heard, and what of it is told to whom. */
import { mockServices } from '@backstage/backend-test-utils';
import { InputError, NotFoundError } from '@backstage/errors';
import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KindDescription,
  ResourceType,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import type { AccessControl } from '../access/AccessControl';
import { ReadGuard } from '../access/ReadGuard';
import { AuditScopes } from '../audit/AuditScopes';
import { DatabaseAuditStore } from '../audit/DatabaseAuditStore';
import type { CacheStatus, KindStatus } from '../cache/CacheStatus';
import { eventually } from '../cache/__testUtils__/objects';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { requestContext } from '../router/__testUtils__/requestContext';
import { DatabaseHistoryStore } from './DatabaseHistoryStore';
import { HistoryRecorder } from './HistoryRecorder';
import type { HistoryStore } from './HistoryStore';
import type { ObjectChange } from './ObjectChange';
import { ObjectHistory } from './ObjectHistory';

jest.setTimeout(60_000);

const databases = storeDatabases();
const CLUSTER = 'c1';
const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();
const KIND = { cluster: CLUSTER, group: 'apps', plural: 'deployments' };
const WEB = {
  ...KIND,
  ...{ namespace: 'shop', name: 'web' },
};

function change(
  version: number | 'deleted',
  more: Partial<ObjectChange> = {},
): ObjectChange {
  return {
    ...WEB,
    ...{ uid: 'u1', resourceVersion: String(version), type: 'changed' },
    at: NOW - 60_000,
    managers: [{ manager: 'kubectl-edit', operation: 'Update' }],
    changes: [
      { path: '/spec/replicas', field: 'spec.replicas', before: 1, after: 2 },
    ],
    omitted: 0,
    ...more,
  };
}

async function registerCluster(database: Knex) {
  await database('clusters').insert({
    ...{ id: CLUSTER, name: 'one', name_key: 'one', slug: 'one', uid: 'uid' },
    ...{ server: 'https://one', skip_tls_verify: false, labels: '{}' },
    ...{ protected: false, credential_type: 'token', seal_version: 1 },
    ...{ key_id: 'k', wrapped_key: 'w', sealed_credential: 's' },
    ...{ generation: 1, revision: 1, created_at: 0, updated_at: 0 },
  });
}

describe.each(databases.ids)('history on %s', databaseId => {
  let database: Knex;
  let store: DatabaseHistoryStore;
  const versions = async (object = WEB) =>
    (await store.list({ object, limit: 1000 })).map(
      ({ resourceVersion }) => resourceVersion,
    );

  beforeEach(async () => {
    database = await databases.open(databaseId);
    await registerCluster(database);
    store = new DatabaseHistoryStore(database);
  });

  it('keeps the order of what was heard of in one millisecond', async () => {
    const count = 20;
    await store.keep(Array.from({ length: count }, (_, at) => change(at)));
    await store.keep([change(count)]);
    expect(await versions()).toEqual(
      Array.from({ length: count + 1 }, (_, at) => String(count - at)),
    );
  });

  it('keeps a change once, whoever heard of it', async () => {
    await store.keep([change(1), change(1), change(2, { at: NOW })]);
    await Promise.all([store.keep([change(2)]), store.keep([change(2)])]);
    expect(await versions()).toEqual(['2', '1']);
    const [newest] = await store.list({ object: WEB, limit: 1 });
    expect(newest).toEqual({
      ...change(2, { at: NOW }),
      id: expect.any(String),
    });
  });

  it('prefers what was seen to what a list told', async () => {
    const listed = change(5, { notBefore: NOW - DAY_MS, managers: [] });
    const read = async () => (await store.list({ object: WEB, limit: 1 }))[0];
    await store.keep([listed]);
    expect(await read()).toMatchObject({ notBefore: NOW - DAY_MS });
    await store.keep([change(5)]);
    expect(await read()).not.toHaveProperty('notBefore');
    await store.keep([listed]);
    expect(await read()).not.toHaveProperty('notBefore');
    await store.keep([listed, change(6), { ...listed, resourceVersion: '6' }]);
    expect(await versions()).toHaveLength(2);
  });

  it('keeps nothing of what is no cluster any more, or has no room', async () => {
    await store.keep([
      change(1, { cluster: 'gone' }),
      change(2, { name: 'x'.repeat(254) }),
      change(3, { namespace: 'a\0b' }),
      change(4),
    ]);
    expect(await versions()).toEqual(['4']);
    await database('clusters').delete();
    expect(await versions()).toEqual([]);
  });

  it('forgets what is old, and of an object the oldest', async () => {
    const many = Array.from({ length: 230 }, (_, index) =>
      change(index, { at: NOW - 1_000 + index }),
    );
    await store.keep([change(999, { at: NOW - 2 * DAY_MS }), ...many]);
    const other = { ...WEB, name: 'other' };
    await store.keep([change(1, { name: 'other', uid: 'u2' })]);
    await store.prune(DAY_MS);
    const kept = await versions();
    expect(kept).toHaveLength(200);
    expect(kept[0]).toBe('229');
    expect(await versions(other)).toEqual(['1']);
    await store.prune(0);
    expect(await versions()).toEqual([]);
  });

  it('knows when a kind was recorded', async () => {
    const kind = { cluster: CLUSTER, group: 'apps', plural: 'deployments' };
    expect(await store.spans(kind)).toEqual([]);
    await store.recording([kind, { ...kind, cluster: 'gone' }]);
    await store.recording([kind]);
    const [span, ...others] = await store.spans(kind);
    expect(others).toEqual([]);
    expect(span.to).toBeGreaterThanOrEqual(span.from);
    // Nobody looked for an hour.
    await database('change_history_spans').update({
      started_at: span.from - 2 * DAY_MS,
      ended_at: span.to - DAY_MS,
    });
    await Promise.all([store.recording([kind]), store.recording([kind])]);
    expect(await store.spans(kind)).toHaveLength(2);
    await store.prune(DAY_MS / 2);
    expect(await store.spans(kind)).toHaveLength(1);
    expect(await store.spans({ ...kind, plural: 'services' })).toEqual([]);
  });

  it('takes what was dropped at another time for another gap, and forgets it as the changes', async () => {
    const gap = async () => (await store.spans(KIND))[0].dropped;
    const spans = () => database('change_history_spans');
    await store.recording([KIND], [{ ...KIND, sinceMs: 5_000 }]);
    const first = await gap();
    await store.recording([KIND], [{ ...KIND, sinceMs: 1_000 }]);
    expect(await gap()).toMatchObject({ from: first!.from });
    // The drops were days ago, while recording went on.
    const earlier = { from: first!.from - 3 * DAY_MS, to: first!.to - DAY_MS };
    const then = { dropped_from: earlier.from, dropped_to: earlier.to };
    await spans().update({ ...then, started_at: earlier.from });
    await store.prune(2 * DAY_MS);
    expect(await gap()).toEqual(earlier);
    await store.recording([KIND], [{ ...KIND, sinceMs: 5_000 }]);
    expect((await gap())!.from).toBeGreaterThanOrEqual(first!.from);
    await spans().update(then);
    await store.prune(DAY_MS / 2);
    expect(await gap()).toBeUndefined();
    expect(await store.spans(KIND)).toHaveLength(1);
    await store.recording([KIND], [{ ...KIND, sinceMs: 5_000 }]);
    expect((await gap())!.from).toBeGreaterThanOrEqual(first!.from);
  });

  describe('told', () => {
    let audit: DatabaseAuditStore;
    let seen: {
      clusters: string[];
      mayRead: boolean;
      exists: boolean;
      isHidden?: boolean;
      kinds: number;
    };

    async function request(
      number: number,
      more: {
        at?: number;
        effect?: { uid: string; resourceVersion: string };
        actor?: string;
        outcome?: 'succeeded' | 'refused';
        name?: string;
      } = {},
    ) {
      const id = `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
      const { cluster, name, ...resource } = WEB;
      await audit.add({
        ...{ id, cluster, requestId: id, action: 'deployment.scale' },
        actor: more.actor ?? 'user:default/jane',
        outcome: 'pending',
        resource: { ...resource, name: more.name ?? name },
      });
      await audit.complete(id, {
        outcome: more.outcome ?? 'succeeded',
        durationMs: 1,
        effect: more.effect,
      });
      await database('audit_entries')
        .where({ id })
        .update({ at: more.at ?? NOW });
    }

    function history(retentionDays = 7, alwaysKept: ResourceType[] = []) {
      const clusters = {
        get: async (id: string) => ({ id, name: 'one', labels: {} }),
        list: async () => [{ id: CLUSTER, name: 'one', labels: {} }],
      };
      const access: Partial<AccessControl> = {
        allowsEveryCluster: async () => false,
        allowsCluster: async (_, { id }) => seen.clusters.includes(id ?? ''),
        allowsResource: async () => seen.mayRead,
      };
      const asked = { access: access as AccessControl, clusters };
      return new ObjectHistory({
        ...{ store, audit, retentionDays, alwaysKept },
        scopes: new AuditScopes(asked),
        clusters: {
          ...clusters,
          get: async id => {
            if (seen.isHidden) throw new NotFoundError('No such cluster');
            return clusters.get(id);
          },
        },
        guard: new ReadGuard({ ...asked, narrowings: [] }),
        kinds: {
          list: async () => ({ kinds: [], cache: { state: 'live' } }),
          find: async (_, type) => {
            seen.kinds += 1;
            return { ...traitsOf(type), ...type } as KindDescription;
          },
        },
        resources: {
          get: async () => {
            if (!seen.exists) throw new NotFoundError('Not there');
            return { object: { metadata: {} }, cache: { state: 'live' } };
          },
        },
      });
    }

    const list = (more: { limit?: number; continue?: string } = {}) =>
      history().list(WEB, {
        ...{ context: requestContext(), limit: 50 },
        ...more,
      });
    const toldOf = ({ entries }: Schema<'ObjectHistory'>) =>
      entries.map(entry =>
        [entry.type, entry.by, entry.resourceVersion, entry.audit?.actor]
          .filter(Boolean)
          .join(' '),
      );

    beforeEach(() => {
      audit = new DatabaseAuditStore(database);
      seen = { clusters: [CLUSTER], mayRead: true, exists: true, kinds: 0 };
    });

    const OURS = [{ manager: 'backstage-k8s', operation: 'Update' as const }];
    const effect = { uid: 'u1', resourceVersion: '3' };

    it('as one entry where the portal made a change', async () => {
      await store.keep([
        change(1, { type: 'created', at: NOW - 5_000, managers: [] }),
        change(2, { at: NOW - 4_000 }),
        change(3, { at: NOW - 3_000, managers: OURS }),
        change('deleted', { type: 'deleted', at: NOW - 1_000, managers: [] }),
      ]);
      await request(1, { at: NOW - 3_001, effect });
      await request(2, { at: NOW - 2_000, outcome: 'refused' });
      await request(3, {
        at: NOW - 1_001,
        effect: { uid: 'u1', resourceVersion: 'deleted' },
      });
      await request(4, { name: 'web-2' });
      expect(toldOf(await list())).toEqual([
        'deleted portal user:default/jane',
        'request portal user:default/jane',
        'changed portal 3 user:default/jane',
        'changed outside 2',
        'created unknown 1',
      ]);
    });

    it('without the audit of others, where the caller may not know it', async () => {
      await store.keep([change(3, { managers: OURS })]);
      await request(1, { effect, actor: 'user:default/joe' });
      await request(2, { outcome: 'refused', actor: 'user:default/joe' });
      seen.clusters = [];
      expect(toldOf(await list())).toEqual(['changed portal 3']);
      seen.clusters = [CLUSTER];
      expect(toldOf(await list())).toHaveLength(2);
    });

    it('page by page, each once, also of one moment', async () => {
      for (let number = 1; number <= 9; number += 1) {
        const made = { uid: 'u1', resourceVersion: String(number) };
        await store.keep([change(number, { at: NOW })]);
        await request(number, { at: NOW, effect: made });
        await request(number + 100, { at: NOW });
      }
      const told: string[] = [];
      let next: string | undefined;
      do {
        const page = await list({ limit: 4, continue: next });
        expect(page.entries.length).toBeLessThanOrEqual(4);
        told.push(...page.entries.map(({ id }) => id));
        next = page.continue;
      } while (next);
      expect(told).toHaveLength(18);
      expect(new Set(told).size).toBe(18);
      await expect(list({ continue: 'AAAA' })).rejects.toThrow(InputError);
    });

    it('to nobody who may not read the object, and not of what never was', async () => {
      await store.keep([change(1)]);
      seen.exists = false;
      expect((await list()).entries).toHaveLength(1);
      seen.mayRead = false;
      await expect(list()).rejects.toThrow(NotFoundError);
      seen.mayRead = true;
      await store.prune(0);
      await expect(list()).rejects.toThrow(NotFoundError);
      seen.exists = true;
      expect((await list()).entries).toEqual([]);
    });

    it('without asking a cluster that may not be seen which kinds it has', async () => {
      seen.isHidden = true;
      await expect(list()).rejects.toThrow('No such cluster');
      expect(seen.kinds).toBe(0);
    });

    it('with when some changes were too many to be recorded', async () => {
      await store.recording([WEB]);
      expect((await list()).recording.spans[0].dropped).toBeUndefined();
      await store.recording([], [{ ...KIND, sinceMs: 5_000 }]);
      const [{ dropped }] = (await list()).recording.spans;
      const lastsMs = Date.parse(dropped!.to) - Date.parse(dropped!.from);
      expect(lastsMs).toBeGreaterThanOrEqual(5_000);
      await store.recording([WEB], [{ ...KIND, sinceMs: 0 }]);
      await store.recording([WEB], [{ ...KIND, plural: 'pods', sinceMs: 9 }]);
      const [{ dropped: later }] = (await list()).recording.spans;
      expect(later!.from).toBe(dropped!.from);
      expect(Date.parse(later!.to)).toBeGreaterThanOrEqual(
        Date.parse(dropped!.to),
      );
    });

    it('with what is recorded, and since when', async () => {
      await store.recording([WEB]);
      const { recording } = await list();
      expect(recording).toMatchObject({
        ...{ kept: 'values', retentionDays: 7, always: false },
      });
      expect(recording.spans).toHaveLength(1);
      const options = { context: requestContext(), limit: 1 };
      const always = history(7, [{ ...KIND, plural: 'x' }, KIND]);
      expect((await always.list(WEB, options)).recording.always).toBe(true);
      const off = await history(0).list(WEB, options);
      expect(off.recording).toMatchObject({ kept: 'none', spans: [] });
    });
  });
});

describe('HistoryRecorder', () => {
  const status: KindStatus = {
    ...{ cluster: CLUSTER, group: 'apps', version: 'v1' },
    ...{ plural: 'deployments', state: 'live', objects: 1, packedBytes: 1 },
    ...{ subscribers: 0, lagMs: 1, lists: 1, resets: 0, errors: 0 },
    ...{ garbage: 0, changes: 0, memoryBytes: 1, keeps: 'objects' },
  };

  function setUp(keep: HistoryStore['keep']) {
    const recording = jest.fn<
      Promise<void>,
      Parameters<HistoryStore['recording']>
    >(async () => {});
    const cache: CacheStatus = {
      calls: async () => [],
      memory: async () => ({
        ...{ ceilingBytes: 1, usedBytes: 1 },
        ...{ droppedBodies: 0, droppedKinds: 0 },
      }),
      kinds: async () => [
        status,
        { ...status, group: '', plural: 'pods' },
        { ...status, group: '', plural: 'services', lagMs: undefined },
      ],
    };
    const recorder = new HistoryRecorder({
      store: { keep, recording } as Partial<HistoryStore> as HistoryStore,
      logger: mockServices.logger.mock(),
    });
    return { recorder, recording, cache };
  }
  const changes = (count: number) =>
    Array.from({ length: count }, () => change(1, { uid: randomUUID() }));

  it('keeps what it hears in batches', async () => {
    const sizes: number[] = [];
    const { recorder } = setUp(async heard => void sizes.push(heard.length));
    recorder.hear(changes(3));
    recorder.hear(changes(2), [{ ...KIND, count: 7 }]);
    await eventually(() => recorder.status().recorded > 0);
    expect(sizes).toEqual([5]);
    expect(recorder.status()).toEqual({ recorded: 5, dropped: 7, waiting: 0 });
  });

  it('waits for a database that is away, up to a bound, and loses nothing below it', async () => {
    let isAway = true;
    const kept: ObjectChange[] = [];
    const { recorder } = setUp(async heard => {
      if (isAway) throw new Error('away');
      kept.push(...heard);
    });
    recorder.hear(changes(4_000));
    await recorder.flush();
    recorder.hear(changes(4_000));
    expect(recorder.status()).toEqual({
      ...{ recorded: 0, dropped: 3_000, waiting: 5_000 },
    });
    isAway = false;
    await recorder.stop();
    expect(kept).toHaveLength(5_000);
    recorder.hear(changes(1));
    expect(recorder.status().waiting).toBe(0);
  });

  it('gives up what the database never takes', async () => {
    const { recorder } = setUp(async () => {
      throw new Error('This row cannot be kept');
    });
    recorder.hear(changes(1));
    for (let attempt = 0; attempt < 60; attempt += 1) await recorder.flush();
    expect(recorder.status()).toMatchObject({ dropped: 1, waiting: 0 });
  });

  it('notes the kinds that have a history and were read', async () => {
    const { recorder, recording, cache } = setUp(async () => {});
    await recorder.note(cache);
    expect(recording).toHaveBeenCalledWith([status], []);
  });

  it('notes once of which kinds changes were dropped, as soon as the database takes it', async () => {
    const { recorder, recording, cache } = setUp(async () => {});
    recorder.hear([], [{ ...KIND, count: 2 }]);
    recorder.hear(changes(5_001));
    recording.mockRejectedValueOnce(new Error('away'));
    await recorder.note(cache);
    await recorder.note(cache);
    await recorder.note(cache);
    const noted = recording.mock.calls.map(([, dropped]) => dropped);
    expect(noted).toEqual([
      [{ ...KIND, sinceMs: expect.any(Number) }],
      [{ ...KIND, sinceMs: expect.any(Number) }],
      [],
    ]);
  });
});
