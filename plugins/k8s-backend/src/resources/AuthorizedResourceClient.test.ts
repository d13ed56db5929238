import { NotFoundError } from '@backstage/errors';
import type {
  ClusterReference,
  K8sResourcePermission,
  KubernetesObject,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
  AccessFilter,
  ObjectReference,
  ResourceChange,
  ResourceClient,
  ResourcePatch,
} from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import { configMap, contextOf } from '../cache/__testUtils__/objects';
import type { AuditEffect } from '../audit/AuditLog';
import { AuditedResourceClient } from './AuditedResourceClient';
import { AuthorizedResourceClient } from './AuthorizedResourceClient';
import { objectMatcherOf } from './matcherOf';
import { objectNotFound } from './resourceReference';
import { watchWhileAllowed } from './watchWhileAllowed';

const CLUSTER = { id: 'c1', name: 'one', labels: {} };
const FOREIGN = { id: 'c2', name: 'two', labels: {}, owner: 'user:default/o' };
const CONFIG_MAP: ObjectReference = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespace: 'default',
  name: 'a',
};
const NAMESPACE = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'namespaces',
  name: 'team',
};
const LEVEL = 'pod-security.kubernetes.io/enforce';
const WRITE = { context: contextOf(), action: 'test.change' };

type Rule = (permission: string, resource: ResourceReference) => boolean;

/** Clients over objects in memory, with a rule of the test's own for what is allowed. */
function setUp(options: {
  allows: Rule;
  criteria?: AccessFilter['criteria'];
  objects?: KubernetesObject[];
}) {
  const { objects = [], criteria = 'all' } = options;
  const done: string[] = [];
  const change = (verb: string) => async (reference: ObjectReference) => {
    done.push(`${verb} ${reference.name}`);
    return configMap(reference.name, 2);
  };
  const client: ResourceClient = {
    get: async reference => {
      const object = objects.find(
        ({ metadata }) => metadata.name === reference.name,
      );
      if (!object) throw objectNotFound(reference);
      return { object, cache: { state: 'live' } };
    },
    list: async query => ({
      items: objects.filter(objectMatcherOf(query)),
      resourceVersion: '1',
      cache: { state: 'live' },
    }),
    watch: async function* watch() {
      yield { type: 'RESET', cache: { state: 'live' } };
    },
    view: async query => ({
      rows: [{ key: 'a', json: JSON.stringify(query.parts) }],
      cache: { state: 'live' },
    }),
    watchView: async function* watchView() {
      yield { type: 'RESET' };
    },
    table: async () => {
      throw new Error('Not asked for here');
    },
    watchRows: async function* watchRows() {
      yield { type: 'RESET', cache: { state: 'live' } };
    },
    create: change('create'),
    apply: change('apply'),
    patch: change('patch'),
    delete: async reference => void (await change('delete')(reference)),
  };
  const access: AccessControl = {
    allowsCluster: async () => true,
    allowsEveryCluster: async () => true,
    allowsSomeCluster: async () => true,
    readsWholeCatalog: async () => false,
    allowsResource: async (permission, resource) =>
      options.allows(permission.name, resource),
    filter: async (_: K8sResourcePermission, cluster: ClusterReference) => ({
      cluster,
      criteria,
    }),
    refusal: (permission, subject) =>
      `missing ${permission.name}${
        'category' in subject ? ` on ${subject.category}` : ''
      }`,
  };
  const clusters = {
    get: async (id: string) => {
      const found = [CLUSTER, FOREIGN].find(one => one.id === id);
      if (!found) throw new NotFoundError(`There is no cluster ${id}`);
      return found;
    },
    list: async () => [CLUSTER],
  };
  const authorized = new AuthorizedResourceClient({ client, access, clusters });
  return { authorized, clusters, done };
}

const everything: Rule = () => true;
const nothing: Rule = () => false;
const isRefused = (message: string) => ({ name: 'NotAllowedError', message });

describe('reads', () => {
  const objects = [
    configMap('a', 1),
    configMap('b', 1, { namespace: 'hidden' }),
  ];

  it('neither return nor count what may not be seen', async () => {
    const { authorized } = setUp({
      allows: everything,
      objects,
      criteria: {
        rule: 'IS_NAMESPACE',
        resourceType: 'k8s-resource',
        params: { namespaces: ['default'] },
      },
    });
    const { items } = await authorized.list(CONFIG_MAP, WRITE);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  it('answer what may not be seen as what does not exist', async () => {
    const { authorized } = setUp({ allows: nothing, objects });
    const { authorized: seeing } = setUp({ allows: everything });
    const refused = await authorized.get(CONFIG_MAP, WRITE).catch(e => e);
    const absent = await seeing.get(CONFIG_MAP, WRITE).catch(e => e);
    expect(refused.name).toBe('NotFoundError');
    expect(refused.message).toBe(absent.message);
  });

  it.each(['get', 'list', 'create', 'apply', 'patch', 'delete', 'watch'])(
    'of a hidden cluster (%s) end as of one that does not exist',
    async verb => {
      const { authorized, done } = setUp({ allows: everything, objects });
      const reference = { ...CONFIG_MAP, cluster: 'hidden' };
      const manifest = configMap('a', 1);
      const calls: Record<string, () => Promise<unknown>> = {
        get: () => authorized.get(reference, WRITE),
        list: () => authorized.list(reference, WRITE),
        create: () => authorized.create(reference, manifest, WRITE),
        apply: () => authorized.apply(reference, manifest, WRITE),
        patch: () => authorized.patch(reference, {}, WRITE),
        delete: () => authorized.delete(reference, WRITE),
        watch: async () => {
          for await (const _ of authorized.watch(reference, WRITE));
        },
      };
      await expect(calls[verb]()).rejects.toThrow(
        new NotFoundError('There is no cluster hidden'),
      );
      expect(done).toEqual([]);
    },
  );

  it('refuse sub-resources and names that are paths', async () => {
    const { authorized, done } = setUp({ allows: everything, objects });
    for (const odd of [
      { plural: 'pods/exec' },
      { plural: 'pods/log' },
      { name: '../../x' },
      { namespace: '..' },
      { group: 'a/b' },
      { version: 'v1/..' },
    ]) {
      const reference = { ...CONFIG_MAP, ...odd };
      await expect(authorized.get(reference, WRITE)).rejects.toMatchObject({
        name: 'InputError',
      });
      await expect(authorized.delete(reference, WRITE)).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    expect(done).toEqual([]);
  });
});

describe('changes', () => {
  it.each<[string, string[]]>([
    ['create', ['k8s.resource.create']],
    ['apply', ['k8s.resource.create', 'k8s.resource.update']],
    ['patch', ['k8s.resource.update']],
    ['delete', ['k8s.resource.delete']],
  ])('%s needs %p, each of them', async (verb, permissions) => {
    const run = (allows: Rule) => {
      const { authorized, done } = setUp({ allows });
      const manifest = configMap('a', 1);
      const calls: Record<string, () => Promise<unknown>> = {
        create: () => authorized.create(CONFIG_MAP, manifest, WRITE),
        apply: () => authorized.apply(CONFIG_MAP, manifest, WRITE),
        patch: () => authorized.patch(CONFIG_MAP, {}, WRITE),
        delete: () => authorized.delete(CONFIG_MAP, WRITE),
      };
      return { outcome: calls[verb](), done };
    };
    const allowed = run(name => permissions.includes(name));
    await allowed.outcome;
    expect(allowed.done).toEqual([`${verb} a`]);
    for (const missing of permissions) {
      const refused = run(name => name !== missing);
      await expect(refused.outcome).rejects.toMatchObject(
        isRefused(`missing ${missing} on configuration`),
      );
      expect(refused.done).toEqual([]);
    }
  });

  it('by an owner of one cluster are refused on another', async () => {
    const { authorized, done } = setUp({
      allows: (_, { cluster }) => cluster.owner === FOREIGN.owner,
    });
    await authorized.delete({ ...CONFIG_MAP, cluster: 'c2' }, WRITE);
    await expect(authorized.delete(CONFIG_MAP, WRITE)).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(done).toEqual(['delete a']);
  });

  it.each<[string, Partial<ObjectReference>, string]>([
    ['the same name in another group', { group: 'example.com' }, 'custom'],
    ['a system namespace', { namespace: 'kube-system' }, 'system'],
    [
      'a role',
      { group: 'rbac.authorization.k8s.io', plural: 'roles' },
      'access',
    ],
    ['a node', { plural: 'nodes', namespace: undefined }, 'cluster'],
  ])('of %s need what their category needs', async (_, odd, category) => {
    const { authorized } = setUp({ allows: nothing });
    await expect(
      authorized.delete({ ...CONFIG_MAP, ...odd }, WRITE),
    ).rejects.toMatchObject(
      isRefused(`missing k8s.resource.delete on ${category}`),
    );
  });
});

describe('Pod Security levels', () => {
  const operator: Rule = (_, { category }) => category !== 'policy';
  const namespace = (labels: Record<string, string>): KubernetesObject => ({
    metadata: { name: 'team', labels },
  });
  const refusal = (verb: string) => isRefused(`missing ${verb} on policy`);

  it.each<[string, ResourcePatch]>([
    ['set', { metadata: { labels: { [LEVEL]: 'privileged' } } }],
    ['removed', { metadata: { labels: { [LEVEL]: null } } }],
    ['removed with all labels', { metadata: { labels: null } }],
    ['removed with all metadata', { metadata: null }],
    [
      'set by a step',
      [
        {
          op: 'add',
          path: '/metadata/labels/pod-security.kubernetes.io~1enforce',
          value: 'privileged',
        },
      ],
    ],
    [
      'removed by a step',
      [
        {
          op: 'remove',
          path: '/metadata/labels/pod-security.kubernetes.io~1warn',
        },
      ],
    ],
    [
      'set with all labels',
      [{ op: 'replace', path: '/metadata/labels', value: {} }],
    ],
    ['set with all', [{ op: 'replace', path: '', value: {} }]],
  ])('%s by a patch are a policy', async (_, patch) => {
    const { authorized, done } = setUp({ allows: operator });
    await expect(
      authorized.patch(NAMESPACE, patch, WRITE),
    ).rejects.toMatchObject(refusal('k8s.resource.update'));
    expect(done).toEqual([]);
    // Other kinds have no levels.
    await authorized.patch(CONFIG_MAP, patch, WRITE);
  });

  it.each<[string, ResourcePatch]>([
    ['another label', { metadata: { labels: { team: 'a' } } }],
    ['an annotation', { metadata: { annotations: { [LEVEL]: 'x' } } }],
    [
      'a test',
      [{ op: 'test', path: '/metadata/labels', value: { [LEVEL]: 'x' } }],
    ],
    [
      'another label by a step',
      [{ op: 'add', path: '/metadata/labels/team', value: 'a' }],
    ],
  ])('are not touched by %s', async (_, patch) => {
    const { authorized, done } = setUp({ allows: operator });
    await authorized.patch(NAMESPACE, patch, WRITE);
    expect(done).toEqual(['patch team']);
  });

  it('are a policy in what is created or applied, also where an apply leaves them out', async () => {
    const { authorized } = setUp({
      allows: operator,
      objects: [namespace({ [LEVEL]: 'restricted' })],
    });
    await expect(
      authorized.create(NAMESPACE, namespace({ [LEVEL]: 'x' }), WRITE),
    ).rejects.toMatchObject(refusal('k8s.resource.create'));
    await expect(
      authorized.apply(NAMESPACE, namespace({}), WRITE),
    ).rejects.toMatchObject(refusal('k8s.resource.create'));
    const { authorized: other, done } = setUp({ allows: operator });
    await other.apply(NAMESPACE, namespace({ team: 'a' }), WRITE);
    expect(done).toEqual(['apply team']);
  });
});

describe('watchWhileAllowed', () => {
  const filterOf = (name: string): AccessFilter => ({
    cluster: { ...CLUSTER, name },
    criteria: 'all',
  });
  const watch = async function* watch(
    filter: AccessFilter,
    signal: AbortSignal,
  ): AsyncGenerator<ResourceChange> {
    yield { type: 'RESET', cache: { state: 'live' } };
    yield { type: 'ADDED', object: configMap(filter.cluster.name, 1) };
    await new Promise(resolve => {
      if (signal.aborted) resolve(undefined);
      signal.addEventListener('abort', resolve);
    });
  };

  it('begins again when what may be seen changes, and ends when nothing may be', async () => {
    const answers = ['first', 'first', 'second', 'second'];
    const told: string[] = [];
    const run = async () => {
      const changes = watchWhileAllowed({
        context: contextOf(),
        recheckMs: 5,
        watch,
        filter: async () => {
          const name = answers.shift();
          if (name === undefined) throw new NotFoundError('lost');
          return filterOf(name);
        },
      });
      for await (const change of changes) {
        told.push(
          'object' in change ? `${change.object.metadata.name}` : change.type,
        );
      }
    };
    await expect(run()).rejects.toThrow('lost');
    expect(told).toEqual(['RESET', 'first', 'RESET', 'second']);
  });
});

describe('AuditedResourceClient', () => {
  function audit() {
    const entries: string[] = [];
    const effects: AuditEffect[] = [];
    return {
      entries,
      effects,
      log: {
        change: async <T>(
          intent: { action: string; cluster?: { name?: string } },
          _: unknown,
          work: (note: (effect: AuditEffect) => void) => Promise<T>,
        ): Promise<T> => {
          entries.push(`tried ${intent.action} ${intent.cluster?.name}`);
          try {
            return await work(effect => effects.push(effect));
          } catch (error) {
            entries.push((error as Error).name);
            throw error;
          }
        },
        record: async () => {},
        refused: async () => {},
      },
    };
  }

  it('keeps changes and refusals, not reads and dry runs', async () => {
    const { authorized, clusters } = setUp({
      allows: (_, { name }) => name === 'a',
      objects: [configMap('a', 1)],
    });
    const { entries, log } = audit();
    const client = new AuditedResourceClient({
      client: authorized,
      audit: log,
      clusters,
    });
    await client.get(CONFIG_MAP, WRITE);
    await client.patch(CONFIG_MAP, {}, { ...WRITE, dryRun: true });
    expect(entries).toEqual([]);
    await client.delete(CONFIG_MAP, WRITE);
    const other = { ...CONFIG_MAP, name: 'b' };
    await expect(client.delete(other, WRITE)).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(entries).toEqual([
      'tried test.change one',
      'tried test.change one',
      'NotAllowedError',
    ]);
  });

  it('notes what a change has led to', async () => {
    const { authorized, clusters } = setUp({ allows: everything });
    const { effects, log } = audit();
    const client = new AuditedResourceClient({
      clusters,
      audit: log,
      client: Object.assign(Object.create(authorized), {
        patch: async () => ({
          metadata: { name: 'a', uid: 'u', resourceVersion: '7' },
        }),
        delete: async (_: unknown, options: DeleteOptions) => {
          options.onDeleted?.({ uid: 'u', resourceVersion: '8' });
          options.onDeleted?.({ uid: 'u' });
        },
      }),
    });
    await client.patch(CONFIG_MAP, {}, { ...WRITE, dryRun: true });
    expect(effects).toEqual([]);
    await client.patch(CONFIG_MAP, {}, WRITE);
    await client.delete(CONFIG_MAP, WRITE);
    expect(effects).toEqual([
      { uid: 'u', resourceVersion: '7' },
      { uid: 'u', resourceVersion: '8' },
      { uid: 'u', resourceVersion: 'deleted' },
    ]);
  });

  it('changes nothing when the audit cannot be written', async () => {
    const { authorized, clusters, done } = setUp({ allows: everything });
    const client = new AuditedResourceClient({
      client: authorized,
      clusters,
      audit: {
        change: async () => {
          throw new Error('The database is away');
        },
        record: async () => {},
        refused: async () => {},
      },
    });
    await expect(client.delete(CONFIG_MAP, WRITE)).rejects.toThrow('away');
    expect(done).toEqual([]);
  });
});
