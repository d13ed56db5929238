/** Changes at a real API server: preconditions, field owners, repeated requests, and what the cache shows right after. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KubernetesObject } from '../../plugins/k8s-common/src/KubernetesObject';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import { CachedKindDirectory } from '../../plugins/k8s-backend/src/discovery/CachedKindDirectory';
import { CachedResourceClient } from '../../plugins/k8s-backend/src/resources/CachedResourceClient';
import { LiveResourceClient } from '../../plugins/k8s-backend/src/resources/LiveResourceClient';
import type { RequestContext } from '../../plugins/k8s-node/src/resources/RequestContext';
import type { ResourceKind } from '../../plugins/k8s-node/src/resources/ResourceClient';
import { connectTo } from './support/connectTo.ts';
import { TestApiServer } from './support/TestApiServer.ts';

const DEPLOYMENTS = {
  cluster: 'c',
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
};
const NAMESPACES = { ...DEPLOYMENTS, group: '', plural: 'namespaces' };
const SECRETS = { ...NAMESPACES, plural: 'secrets' };

let server: TestApiServer;
let live: LiveResourceClient;
let cache: InProcessResourceCache;
let client: CachedResourceClient;

before(async () => {
  server = await TestApiServer.start();
  const { connections } = connectTo(server);
  live = new LiveResourceClient({ connections });
  cache = new InProcessResourceCache({ connections });
  client = new CachedResourceClient({ live, cache });
});

after(async () => {
  cache?.stop();
  await server?.stop();
});

function context(idempotency?: RequestContext['idempotency']): RequestContext {
  return {
    credentials: { $$type: '@backstage/BackstageCredentials', principal: {} },
    principal: { type: 'system', ref: 'system' },
    requestId: 'request',
    signal: new AbortController().signal,
    audit: { recorded: false },
    idempotency,
  };
}

const write = (idempotency?: RequestContext['idempotency']) => ({
  context: context(idempotency),
  action: 'test',
});

const named = (name: string) => ({
  ...DEPLOYMENTS,
  namespace: 'default',
  name,
});

function deployment(name: string, more: object = {}): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...more },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'one:1' }] },
      },
    },
  };
}

const isConflict = { name: 'ConflictError' };

describe('changes', () => {
  it('creates once, and what exists is a conflict', async () => {
    const created = await client.create(
      named('once'),
      deployment('once'),
      write(),
    );
    assert.equal(created.metadata.name, 'once');
    await assert.rejects(
      client.create(named('once'), deployment('once'), write()),
      isConflict,
    );
    await assert.rejects(
      client.create(named('other'), deployment('once'), write()),
      { name: 'InputError' },
    );
  });

  it('creates what the next apply owns: it meets no conflict, and what it leaves out goes', async () => {
    const name = named('first-applied');
    const labels = { a: '1', b: '2' };
    await client.create(name, deployment('first-applied', { labels }), write());
    const next = deployment('first-applied', { labels: { a: '3' } });
    (next.spec as { replicas: number }).replicas = 4;
    const applied = await client.apply(name, next, write());
    assert.equal((applied.spec as { replicas: number }).replicas, 4);
    assert.deepEqual(applied.metadata.labels, { a: '3' });
  });

  it('creates nothing twice: also the same manifest is a conflict, and changes nothing', async () => {
    const name = named('twice');
    const first = await client.create(name, deployment('twice'), write());
    const changed = deployment('twice');
    (changed.spec as { replicas: number }).replicas = 8;
    for (const again of [deployment('twice'), changed]) {
      for (const dryRun of [false, true]) {
        await assert.rejects(
          client.create(name, again, { ...write(), dryRun }),
          { ...isConflict, message: /already exists/ },
        );
      }
    }
    const { object } = await client.get(name, {
      context: context(),
      live: true,
    });
    assert.equal(
      object.metadata.resourceVersion,
      first.metadata.resourceVersion,
    );
  });

  it('creates one of many at once', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        client.create(named('raced'), deployment('raced'), write()),
      ),
    );
    const failures = made.filter(({ status }) => status === 'rejected');
    assert.equal(failures.length, 9);
    for (const { reason } of failures as PromiseRejectedResult[]) {
      assert.equal(reason.name, 'ConflictError');
    }
  });

  it('creates what cannot be applied', async () => {
    const name = named('doubled');
    const doubled = deployment('doubled');
    const { template } = doubled.spec as {
      template: { spec: { containers: object[] } };
    };
    // Two of one key, which an apply does not know how to own.
    Object.assign(template.spec.containers[0], {
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    });
    const created = await client.create(name, doubled, write());
    assert.ok(created.metadata.uid);
  });

  it('says of a create what is wrong with it', async () => {
    const wrong = deployment('wrong');
    Object.assign(wrong.spec as object, { replicaz: 1 });
    await assert.rejects(client.create(named('wrong'), wrong, write()), {
      name: 'InputError',
      message: /unknown field "spec.replicaz"/,
    });
    const elsewhere = { ...named('lost'), namespace: 'nowhere' };
    await assert.rejects(
      client.create(elsewhere, deployment('lost'), write()),
      { name: 'NotFoundError', message: /namespaces "nowhere" not found/ },
    );
  });

  for (const [kind, patch] of [
    ['merge', { spec: { replicas: 3 } }],
    ['JSON', [{ op: 'replace' as const, path: '/spec/replicas', value: 3 }]],
  ] as const) {
    it(`patches (${kind}) only what its preconditions hold for`, async () => {
      const name = `patched-${kind.toLowerCase()}`;
      const { metadata } = await client.create(
        named(name),
        deployment(name),
        write(),
      );
      const { resourceVersion, uid } = metadata;
      for (const precondition of [
        { resourceVersion: '1' },
        { uid: '00000000-0000-0000-0000-000000000000' },
        { resourceVersion, uid: 'other' },
      ]) {
        await assert.rejects(
          client.patch(named(name), patch, { ...write(), precondition }),
          isConflict,
          JSON.stringify(precondition),
        );
      }
      const patched = await client.patch(named(name), patch, {
        ...write(),
        precondition: { resourceVersion, uid },
      });
      assert.equal((patched.spec as { replicas: number }).replicas, 3);
    });

    it(`does a repeated patch (${kind}) once`, async () => {
      const name = `repeated-${kind.toLowerCase()}`;
      await client.create(named(name), deployment(name), write());
      const first = await client.patch(
        named(name),
        patch,
        write({ marker: 'm1', resumed: false }),
      );
      assert.equal(
        first.metadata.annotations?.['backstage-k8s.io/request'],
        'm1',
      );
      const again = await client.patch(
        named(name),
        patch,
        write({ marker: 'm1', resumed: true }),
      );
      assert.equal(
        again.metadata.resourceVersion,
        first.metadata.resourceVersion,
      );
      const other = await client.patch(
        named(name),
        patch,
        write({ marker: 'm2', resumed: true }),
      );
      assert.notEqual(
        other.metadata.resourceVersion,
        first.metadata.resourceVersion,
      );
    });
  }

  it('does a repeated create once, and another request finds a conflict', async () => {
    const create = (marker: string, resumed: boolean) =>
      client.create(
        named('marked'),
        deployment('marked'),
        write({ marker, resumed }),
      );
    const first = await create('m1', false);
    const again = await create('m1', true);
    assert.equal(again.metadata.uid, first.metadata.uid);
    await assert.rejects(create('m2', true), isConflict);
  });

  it('applies a whole manifest, and a conflict names the other owner', async () => {
    const name = named('applied');
    const base = deployment('applied', { labels: { a: '1', b: '2' } });
    await client.apply(name, base, write());
    const left = deployment('applied', { labels: { a: '1' } });
    const applied = await client.apply(name, left, write());
    assert.deepEqual(applied.metadata.labels, { a: '1' });
    const { connection } = connectTo(server);
    const response = await connection.request({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/default/deployments/applied',
      query: { fieldManager: 'somebody-else', force: true },
      contentType: 'application/apply-patch+yaml',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'applied' },
        spec: { replicas: 7 },
      },
    });
    await response.text();
    await assert.rejects(client.apply(name, left, write()), error => {
      assert.ok(error instanceof Error);
      assert.equal(error.name, 'ConflictError');
      assert.match(error.message, /somebody-else/);
      return true;
    });
    const forced = await client.apply(name, left, { ...write(), force: true });
    assert.equal((forced.spec as { replicas: number }).replicas, 1);
  });

  it('changes nothing in a dry run', async () => {
    const dry = { ...write(), dryRun: true };
    await client.create(named('dry'), deployment('dry'), dry);
    await assert.rejects(client.get(named('dry'), { context: context() }), {
      name: 'NotFoundError',
    });
    await client.create(named('kept'), deployment('kept'), write());
    const shown = await client.patch(
      named('kept'),
      { spec: { replicas: 9 } },
      dry,
    );
    assert.equal((shown.spec as { replicas: number }).replicas, 9);
    assert.ok(shown.metadata.managedFields);
    await client.delete(named('kept'), dry);
    const { object } = await client.get(named('kept'), { context: context() });
    assert.equal((object.spec as { replicas: number }).replicas, 1);
  });

  it('deletes only what its preconditions hold for, and a repeated delete once', async () => {
    const name = named('deleted');
    const { metadata } = await client.create(
      name,
      deployment('deleted'),
      write(),
    );
    await assert.rejects(
      client.delete(name, { ...write(), precondition: { uid: 'other' } }),
      isConflict,
    );
    const precondition = { uid: metadata.uid };
    await client.delete(name, { ...write(), precondition });
    await assert.rejects(client.delete(name, write()), {
      name: 'NotFoundError',
      message: 'deployments.apps "deleted" not found in namespace "default"',
    });
    const resumed = write({ marker: 'm', resumed: true });
    await client.delete(name, resumed);
    // Another of that name is not what was to be deleted.
    await client.create(name, deployment('deleted'), write());
    await client.delete(name, { ...resumed, precondition });
    await client.get(name, { context: context(), live: true });
  });

  it('never answers the values of a Secret', async () => {
    const name = { ...SECRETS, namespace: 'default', name: 'planted' };
    const answers: unknown[] = [
      await client.create(
        name,
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'planted' },
          stringData: { password: 'hunter2' },
        },
        write(),
      ),
      await client.patch(name, { stringData: { other: 'hunter3' } }, write()),
      await client.get(name, { context: context(), live: true }),
      await client.list(SECRETS, { context: context() }),
      await live.list(SECRETS, { context: context() }),
    ];
    const { object } = await client.get(name, { context: context() });
    assert.deepEqual(object.data, { other: '', password: '' });
    assert.doesNotMatch(
      JSON.stringify(answers),
      new RegExp(`hunter|${btoa('hunter2').slice(0, 6)}`),
    );
  });
});

describe('what is read right after a change', () => {
  it('has it: created, patched, deleted', async () => {
    const query = { ...DEPLOYMENTS, namespace: 'default' };
    await client.list(query, { context: context() });
    const find = async () => {
      const { items } = await client.list(query, { context: context() });
      return items.find(({ metadata }) => metadata.name === 'seen');
    };
    for (let round = 0; round < 20; round += 1) {
      await client.create(named('seen'), deployment('seen'), write());
      assert.ok(await find());
      const patched = await client.patch(
        named('seen'),
        { spec: { replicas: 5 } },
        write(),
      );
      assert.equal(
        (await find())?.metadata.resourceVersion,
        patched.metadata.resourceVersion,
      );
      const { items } = await client.list(query, {
        context: context(),
        minimumVersion: patched.metadata.resourceVersion,
      });
      assert.ok(items.some(({ metadata }) => metadata.name === 'seen'));
      await client.delete(named('seen'), write());
      assert.equal(await find(), undefined);
    }
  });

  it('lacks what was deleted, also where that is answered with the object', async () => {
    const pod = { containers: [{ name: 'main', image: 'one:1' }] };
    const kinds = [
      { plural: 'serviceaccounts', kind: 'ServiceAccount' },
      // Without a node nobody is waited for.
      { plural: 'pods', kind: 'Pod', spec: pod },
    ];
    for (const { plural, ...body } of kinds) {
      const query = { ...NAMESPACES, plural, namespace: 'default' };
      const name = { ...query, name: 'account' };
      const manifest = { ...body, apiVersion: 'v1', metadata: {} };
      await client.list(query, { context: context() });
      const { metadata } = await client.create(name, manifest, write());
      const gone: object[] = [];
      await client.delete(name, {
        ...write(),
        onDeleted: object => gone.push(object),
      });
      assert.deepEqual(gone, [
        { uid: metadata.uid, resourceVersion: undefined },
      ]);
      const { items } = await client.list(query, { context: context() });
      assert.ok(!items.some(item => item.metadata.name === 'account'), plural);
    }
  });

  it('shows a namespace that is being deleted as such', async () => {
    const name = { ...NAMESPACES, name: 'ending' };
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'ending' },
    };
    await client.list(NAMESPACES, { context: context() });
    await client.create(name, namespace, write());
    await client.delete(name, write());
    const { object } = await client.get(name, { context: context() });
    assert.ok(object.metadata.deletionTimestamp);
  });
});

describe('a kind that the cluster tells no changes of', () => {
  it('is read, and said to stand still', async () => {
    const kinds = new CachedKindDirectory({
      connections: connectTo(server).connections,
      now: () => Date.now(),
    });
    await kinds.list('c', context());
    const hasWatch = (kind: ResourceKind) => kinds.hasWatch(kind);
    const statuses = { ...NAMESPACES, plural: 'componentstatuses' };
    assert.ok(hasWatch(NAMESPACES));
    assert.ok(!hasWatch(statuses));
    const reader = new CachedResourceClient({ live, cache, hasWatch });
    const { total, cache: state } = await reader.table(
      { ...statuses, columns: [], limit: 10 },
      { context: context() },
    );
    assert.ok(total > 0);
    assert.match(state.message ?? '', /does not tell changes/);
    kinds.stop();
  });
});

describe('names', () => {
  for (const name of ['..', '.', 'a/b', 'a%2fb', 'a\u0000', 'A', 'а', '']) {
    it(`that Kubernetes does not allow (${JSON.stringify(
      name,
    )}) are refused`, async () => {
      const options = { context: context(), live: true };
      await assert.rejects(live.get(named(name), options), {
        name: 'InputError',
      });
      const inNamespace = { ...named('a'), namespace: name };
      await assert.rejects(live.get(inNamespace, options), {
        name: 'InputError',
      });
      await assert.rejects(
        live.list({ ...DEPLOYMENTS, plural: name }, options),
        {
          name: 'InputError',
        },
      );
    });
  }
});
