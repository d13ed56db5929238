import type { TestDatabaseId } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import type { AccessControl } from '../access/AccessControl';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { requestContext } from '../router/__testUtils__/requestContext';
import { AuditScopes } from './AuditScopes';
import { auditHandlers } from './auditHandlers';
import type { NewAuditEntry } from './AuditStore';
import { DatabaseAuditStore } from './DatabaseAuditStore';

jest.setTimeout(60_000);

const databases = storeDatabases();
const JANE = 'user:default/jane';
const CLUSTERS = ['c1', 'c2'].map(id => ({ id, name: id, labels: {} }));

async function setUp(
  id: TestDatabaseId,
  reader: { every?: boolean; clusters?: string[] } = {},
) {
  const database = await databases.open(id);
  const store = new DatabaseAuditStore(database);
  const access: Partial<AccessControl> = {
    allowsEveryCluster: async () => reader.every ?? false,
    allowsCluster: async (_permission, cluster) =>
      reader.clusters?.includes(cluster.id ?? '') ?? false,
  };
  const { listAudit } = auditHandlers({
    store,
    scopes: new AuditScopes({
      access: access as AccessControl,
      clusters: { get: async () => CLUSTERS[0], list: async () => CLUSTERS },
    }),
  });
  const add = async (
    number: number,
    entry: {
      actor?: string;
      cluster?: string;
      action?: string;
      at?: number;
      resource?: NewAuditEntry['resource'];
    } = {},
  ) => {
    const key = `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
    await store.add({
      id: key,
      actor: entry.actor ?? JANE,
      action: entry.action ?? 'namespace.create',
      outcome: 'succeeded',
      cluster: entry.cluster,
      clusterName: entry.cluster && 'Dev EU',
      resource: entry.resource,
      requestId: key,
    });
    await database('audit_entries')
      .where({ id: key })
      .update({ at: entry.at ?? 1000 });
  };
  const list = (
    query: Partial<Parameters<typeof listAudit>[0]['query']> = {},
  ) =>
    listAudit({
      context: requestContext(),
      path: {},
      query: { limit: 100, ...query },
      body: undefined,
    });
  return { add, list };
}

describe.each(databases.ids)('listAudit on %s', id => {
  it('shows others only what they did themselves', async () => {
    const { add, list } = await setUp(id);
    await add(1);
    await add(2, { actor: 'user:default/joe', cluster: 'c1' });
    await add(3, { actor: 'anonymous' });
    const answer = await list();
    expect(answer.scope).toBe('own');
    expect(answer.entries.map(({ actor }) => actor)).toEqual([JANE]);
    expect((await list({ actor: 'user:default/joe' })).entries).toEqual([]);
  });

  it('shows an owner the clusters that are theirs', async () => {
    const { add, list } = await setUp(id, { clusters: ['c1'] });
    await add(1, { actor: 'user:default/joe', cluster: 'c1' });
    await add(2, { actor: 'user:default/joe', cluster: 'c2' });
    await add(3, { actor: 'user:default/joe' });
    await add(4, { cluster: 'c2' });
    const answer = await list();
    expect(answer.scope).toBe('clusters');
    expect(answer.entries.map(entry => entry.id.slice(-1))).toEqual(['4', '1']);
  });

  it('shows administrators everything, newest first', async () => {
    const { add, list } = await setUp(id, { every: true });
    await add(1, { at: 1000 });
    await add(2, { at: 3000, actor: 'anonymous' });
    await add(3, { at: 2000, actor: 'user:default/joe' });
    const answer = await list();
    expect(answer.scope).toBe('all');
    expect(answer.entries.map(entry => entry.at)).toEqual([
      '1970-01-01T00:00:03.000Z',
      '1970-01-01T00:00:02.000Z',
      '1970-01-01T00:00:01.000Z',
    ]);
  });

  it('pages without losing or repeating entries of one millisecond', async () => {
    const { add, list } = await setUp(id, { every: true });
    for (let number = 1; number <= 5; number++) await add(number);
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await list({ limit: 2, continue: token });
      seen.push(...page.entries.map(entry => entry.id.slice(-1)));
      token = page.continue;
    } while (token);
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  it.each(['AAAA', 'eyJhdCI6MX0', Buffer.from('1.x').toString('base64url')])(
    'refuses %s as a place to go on from',
    async token => {
      const { list } = await setUp(id);
      await expect(list({ continue: token })).rejects.toThrow(InputError);
    },
  );

  it('tells of one object, or of a kind', async () => {
    const { add, list } = await setUp(id, { every: true });
    const web = { plural: 'deployments', namespace: 'shop', name: 'web' };
    const ofKind = { group: '', plural: 'namespaces', name: 'web' };
    await add(1, { resource: { ...web, group: 'apps' } });
    await add(2, { resource: { ...web, group: 'other.example' } });
    await add(3, { resource: { ...web, group: 'apps', name: 'web-2' } });
    await add(4, { resource: { ...web, group: 'apps', namespace: 'else' } });
    await add(5, { resource: ofKind });
    // What was refused early knows less.
    await add(6, { resource: { plural: 'namespaces', name: 'web' } });
    const found = async (query: Parameters<typeof list>[0]) =>
      (await list(query)).entries.map(entry => entry.id.slice(-1));
    expect(await found({ group: 'apps', ...web })).toEqual(['1']);
    expect(await found({ plural: 'deployments' })).toEqual([
      '4',
      '3',
      '2',
      '1',
    ]);
    expect(await found({ group: 'core' })).toEqual(['6', '5']);
    expect(await found({ namespace: '_', name: 'web' })).toEqual(['6', '5']);
  });

  it('filters, and takes wildcards of SQL as they are', async () => {
    const { add, list } = await setUp(id, { every: true });
    await add(1, { cluster: 'c1', action: 'namespace.delete', at: 1000 });
    await add(2, { cluster: 'c2', at: 2000 });
    const ids = async (query: Parameters<typeof list>[0]) =>
      (await list(query)).entries.map(entry => entry.id.slice(-1));
    expect(await ids({ cluster: 'c1' })).toEqual(['1']);
    expect(await ids({ action: 'namespace.delete' })).toEqual(['1']);
    expect(await ids({ outcome: 'failed' })).toEqual([]);
    expect(await ids({ from: '1970-01-01T00:00:02Z' })).toEqual(['2']);
    expect(await ids({ to: '1970-01-01T00:00:01Z' })).toEqual(['1']);
    expect(await ids({ search: 'DEV eu' })).toEqual(['2', '1']);
    expect(await ids({ search: '%' })).toEqual([]);
    expect(await ids({ search: '_' })).toEqual([]);
    expect(await ids({ search: `'; drop table audit_entries; --` })).toEqual(
      [],
    );
  });
});
