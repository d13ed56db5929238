import { randomBytes } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { CachedClusterStore } from './CachedClusterStore';
import type { StoredAuthentication, NewCluster } from './ClusterStore';
import { CredentialCipher } from './CredentialCipher';
import type { EncryptionKey } from './CredentialCipher';
import { CredentialRotation } from './CredentialRotation';
import { DatabaseClusterStore } from './DatabaseClusterStore';

jest.setTimeout(60_000);

const databases = storeDatabases();
const logger = mockServices.logger.mock();
const OLD: EncryptionKey = { id: 'old', key: randomBytes(32) };
const NEW: EncryptionKey = { id: 'new', key: randomBytes(32) };
const SECRET = 'planted-token-in-the-database';
const credential: StoredAuthentication = { type: 'token', token: SECRET };

function cluster(name: string, change: Partial<NewCluster> = {}): NewCluster {
  const id = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return {
    id,
    name,
    slug: id,
    labels: { environment: 'test' },
    owner: 'group:default/owners',
    protected: true,
    impersonates: false,
    endpoint: {
      server: `https://${id}.test`,
      caData: 'CA',
      tlsServerName: 'inside.test',
      skipTlsVerify: false,
    },
    credentialType: 'token',
    credentialUser: 'portal',
    credentialExpiresAt: '2030-01-01T00:00:00.000Z',
    uid: `uid-${id}`,
    ...change,
  };
}

describe.each(databases.ids)('clusters on %s', databaseId => {
  let database: Knex;

  beforeEach(async () => {
    database = await databases.open(databaseId);
  });

  async function open(keys: EncryptionKey[] = [OLD]) {
    const store = new CachedClusterStore({
      records: new DatabaseClusterStore(database),
      cipher: new CredentialCipher(keys),
      logger,
    });
    await store.hint();
    return store;
  }

  it('keeps a cluster and its credential, which is nowhere in the database', async () => {
    const store = await open();
    const stored = await store.add(cluster('One'), credential, {});
    expect(stored).toMatchObject(cluster('One'));
    expect(stored).toMatchObject({ generation: 1, revision: 1 });
    expect(Math.abs(Date.parse(stored.createdAt) - Date.now())).toBeLessThan(
      60_000,
    );
    const other = await open();
    expect(await other.get('one')).toEqual(stored);
    expect(other.access('one').credential).toEqual(credential);
    const dump = JSON.stringify(await database('clusters').select('*'));
    expect(dump).not.toContain(SECRET);
    expect(dump).not.toContain(Buffer.from(SECRET).toString('base64'));
  });

  it.each([
    ['name', { name: 'ONE' }, /of this name/],
    ['slug', { slug: 'one' }, /differs only in/],
    // The database names only one of the two.
    ['name and slug', { name: 'one', slug: 'one' }, /(of|by) this name/],
    [
      'server',
      { endpoint: { server: 'https://one.test', skipTlsVerify: false } },
      /with this API server/,
    ],
    ['UID', { uid: 'uid-one' }, /registered already/],
  ])('takes one %s once', async (_, change, why) => {
    const store = await open();
    await store.add(cluster('one'), credential, {});
    await expect(
      store.add(cluster('two', change), credential, {}),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringMatching(why),
    });
    expect(await store.list()).toHaveLength(1);
  });

  it('lets one of many win that register one cluster at once, on two instances', async () => {
    const stores = [await open(), await open()];
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        stores[n % 2].add({ ...cluster('one'), id: `id${n}` }, credential, {}),
      ),
    );
    const won = results.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    const reasons = results.flatMap(result =>
      result.status === 'rejected' ? [result.reason.name] : [],
    );
    expect(new Set(reasons)).toEqual(new Set(['ConflictError']));
    expect(await database('clusters').select('id')).toHaveLength(1);
  });

  it('raises the generation with the credential only, and the revision always', async () => {
    const store = await open();
    const first = await store.add(cluster('one'), credential, {});
    const renamed = await store.update({ ...first, name: 'Other' });
    expect(renamed).toMatchObject({
      name: 'Other',
      slug: 'one',
      generation: 1,
      revision: 2,
    });
    const moved = await store.update(
      {
        ...renamed,
        endpoint: { server: 'https://new.test', skipTlsVerify: true },
      },
      { type: 'token', token: 'new' },
    );
    expect(moved).toMatchObject({ generation: 2, revision: 3 });
    expect(store.access('one').credential.token).toBe('new');
  });

  it('never moves a credential to another endpoint', async () => {
    const store = await open();
    const first = await store.add(cluster('one'), credential, {});
    const endpoint = { server: 'https://evil.test', skipTlsVerify: true };
    const stored = await store.update({ ...first, endpoint });
    expect(stored.endpoint).toEqual(first.endpoint);
  });

  it('refuses a change of what somebody else changed, and of what is gone', async () => {
    const [one, two] = [await open(), await open()];
    const first = await one.add(cluster('one'), credential, {});
    await two.hint();
    await two.update({ ...first, name: 'Two' });
    await expect(one.update({ ...first, name: 'Three' })).rejects.toThrow(
      /changed by somebody else/,
    );
    await two.remove('one');
    await expect(one.update(first)).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    await expect(one.remove('one')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('tells other instances of what changed', async () => {
    const [one, two] = [await open(), await open()];
    const heard: string[] = [];
    two.onChange(({ cluster: id, action }) => heard.push(`${id} ${action}`));
    const first = await one.add(cluster('one'), credential, {});
    await two.hint();
    await two.hint();
    await one.update({ ...first, labels: {} });
    await two.hint();
    await one.remove('one');
    await two.hint();
    expect(heard).toEqual(['one upserted', 'one upserted', 'one removed']);
    await expect(two.get('one')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('removes everything that is kept for a cluster', async () => {
    const store = await open();
    await store.add(cluster('one'), credential, {});
    await database('cluster_health').insert({
      cluster_id: 'one',
      health: '{}',
      revision: 1,
    });
    await database('cluster_health_history').insert({
      cluster_id: 'one',
      component: 'etcd',
      status: 'healthy',
      at: 1,
    });
    await store.remove('one');
    for (const table of [
      'clusters',
      'cluster_health',
      'cluster_health_history',
    ]) {
      expect(await database(table).select('*')).toEqual([]);
    }
  });

  it('finds what a request registered', async () => {
    const store = await open();
    await store.add(cluster('one'), credential, { marker: 'm1' });
    expect((await store.findByMarker('m1'))?.id).toBe('one');
    expect(await store.findByMarker('m2')).toBeUndefined();
  });

  it('closes one cluster whose ciphertext was swapped, and no other', async () => {
    const store = await open();
    for (const name of ['one', 'two', 'three']) {
      await store.add(cluster(name), credential, {});
    }
    const [two] = await database('clusters').where({ id: 'two' });
    await database('clusters').where({ id: 'one' }).update({
      sealed_credential: two.sealed_credential,
      wrapped_key: two.wrapped_key,
    });
    const other = await open();
    expect(() => other.access('one')).toThrow(/cannot be decrypted/);
    expect(other.access('two').credential).toEqual(credential);
    // Nothing was overwritten by the attempt.
    const [one] = await database('clusters').where({ id: 'one' });
    expect(one.sealed_credential).toBe(two.sealed_credential);
  });

  it('closes a cluster whose server was changed in the database', async () => {
    await (await open()).add(cluster('one'), credential, {});
    await database('clusters').update({ server: 'https://evil.test' });
    const other = await open();
    expect((await other.get('one')).endpoint.server).toBe('https://evil.test');
    expect(() => other.access('one')).toThrow(/changed outside/);
  });

  it('starts without a key, and stores nothing then', async () => {
    await (await open()).add(cluster('one'), credential, {});
    const store = await open([]);
    expect(await store.list()).toHaveLength(1);
    expect(() => store.access('one')).toThrow(/not in k8s\.encryption\.keys/);
    await expect(store.add(cluster('two'), credential, {})).rejects.toThrow(
      /no key is configured/,
    );
  });

  it('goes on with reads while the database is away, and says so of changes', async () => {
    const store = await open();
    const first = await store.add(cluster('one'), credential, {});
    await database.destroy();
    await store.hint();
    expect(await store.list()).toEqual([first]);
    expect(store.access('one').credential).toEqual(credential);
    await expect(store.update(first)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    await expect(
      store.add(cluster('two'), credential, {}),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
  });

  describe('rotation', () => {
    async function seeded(count: number) {
      const store = await open([OLD]);
      for (let n = 0; n < count; n++) {
        await store.add(cluster(`c${n}`), credential, {});
      }
    }

    function rotation(keys: EncryptionKey[]) {
      return new CredentialRotation({
        records: new DatabaseClusterStore(database),
        cipher: new CredentialCipher(keys),
        logger,
      });
    }

    it('moves everything to the new key, and is done then', async () => {
      await seeded(3);
      const both = rotation([NEW, OLD]);
      expect(await both.rotate()).toEqual({ rotated: 3, failed: 0 });
      expect(await both.rotate()).toEqual({ rotated: 0, failed: 0 });
      const only = await open([NEW]);
      for (const { id } of await only.list()) {
        expect(only.access(id).credential).toEqual(credential);
      }
    });

    it('goes on where it was interrupted', async () => {
      await seeded(4);
      const aborted = new AbortController();
      const records = new DatabaseClusterStore(database);
      const replace = records.replaceKey.bind(records);
      let replaced = 0;
      records.replaceKey = async (...row) => {
        const result = await replace(...row);
        if (++replaced === 2) aborted.abort(new Error('killed'));
        return result;
      };
      const first = new CredentialRotation({
        records,
        cipher: new CredentialCipher([NEW, OLD]),
        logger,
      });
      await expect(first.rotate({ signal: aborted.signal })).rejects.toThrow(
        'killed',
      );
      // Half of them are under each key: all open.
      const between = await open([NEW, OLD]);
      for (const { id } of await between.list()) {
        expect(between.access(id).credential).toEqual(credential);
      }
      expect(await rotation([NEW, OLD]).rotate()).toEqual({
        rotated: 2,
        failed: 0,
      });
    });

    it('leaves what it cannot open as it is, and goes on', async () => {
      await seeded(3);
      await database('clusters')
        .where({ id: 'c1' })
        .update({ wrapped_key: 'AAAA' });
      expect(await rotation([NEW, OLD]).rotate()).toEqual({
        rotated: 2,
        failed: 1,
      });
      const [row] = await database('clusters').where({ id: 'c1' });
      expect(row).toMatchObject({ key_id: 'old', wrapped_key: 'AAAA' });
    });

    it('does nothing over again when two instances rotate at once', async () => {
      await seeded(5);
      const results = await Promise.all([
        rotation([NEW, OLD]).rotate(),
        rotation([NEW, OLD]).rotate(),
      ]);
      const rotated = results.reduce((sum, result) => sum + result.rotated, 0);
      expect(rotated).toBe(5);
    });
  });
});
