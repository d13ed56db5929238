import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { withFailure } from '../errors/clusterErrors';
import { CannedConnections } from './__testUtils__/CannedConnections';
import type { Answer } from './__testUtils__/CannedConnections';
import { CachedKindDirectory } from './CachedKindDirectory';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const signal = new AbortController().signal;

const resource = (name: string, kind: string, more: object = {}) => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  verbs: ['get', 'list', 'watch'],
  ...more,
});

const group = (name: string, versions: object[]) => ({
  metadata: { name },
  versions,
});

const list = (items: object[]) => ({ kind: 'APIGroupDiscoveryList', items });

const CORE = list([
  group('', [
    {
      version: 'v1',
      freshness: 'Current',
      resources: [
        resource('pods', 'Pod', {
          shortNames: ['po'],
          subresources: [{ subresource: 'exec', verbs: ['create', 'get'] }],
        }),
        resource('nodes', 'Node', { scope: 'Cluster' }),
        resource('bindings', 'Binding', { verbs: ['create'] }),
        resource('pods/exec', 'Odd'),
        { resource: 7, responseKind: null },
      ],
    },
  ]),
]);

const WIDGETS = group('example.org', [
  {
    version: 'v2',
    freshness: 'Current',
    resources: [resource('widgets', 'Widget')],
  },
  {
    version: 'v1',
    freshness: 'Current',
    resources: [resource('widgets', 'Widget'), resource('olds', 'Old')],
  },
]);
const METRICS = group('metrics.k8s.io', [
  {
    version: 'v1beta1',
    freshness: 'Current',
    resources: [resource('pods', 'PodMetrics', { verbs: ['get', 'list'] })],
  },
]);

const definition = (name: string, more: object = {}) => ({
  spec: {
    group: 'example.org',
    names: { plural: name },
    versions: [
      {
        name: 'v1',
        additionalPrinterColumns: [
          {
            name: 'Age',
            type: 'date',
            jsonPath: '.metadata.creationTimestamp',
          },
        ],
        schema: {
          openAPIV3Schema: {
            properties: { status: { properties: { phase: {} } } },
          },
        },
      },
      {
        name: 'v2',
        subresources: { scale: { specReplicasPath: '.spec.replicas' } },
        additionalPrinterColumns: [
          { name: 'Up-to date', type: 'integer', jsonPath: '.status.updated' },
          { name: 'NAME', type: 'string', jsonPath: '.spec.name' },
          { name: 'Name', type: 'string', jsonPath: '.spec.other' },
          { name: '大小', type: 'string', jsonPath: '.spec.size' },
          {
            name: 'Message',
            type: 'string',
            jsonPath: '.status.message',
            priority: 1,
          },
          { name: 'Odd', type: 'float', jsonPath: '.spec.odd' },
          { name: '', type: 'string', jsonPath: '.spec.unnamed' },
          { name: 'No path', type: 'string' },
        ],
      },
    ],
    ...more,
  },
});

function setUp(
  options: {
    groups?: object[];
    definitions?: Answer;
    core?: Answer;
  } = {},
) {
  let now = 1_000_000;
  const state = { groups: options.groups ?? [WIDGETS, METRICS] };
  const connections = new CannedConnections(request => {
    if (request.path === '/api') return options.core?.(request) ?? CORE;
    if (request.path === '/apis') return list(state.groups);
    if (request.path === DEFINITIONS) {
      return (
        options.definitions?.(request) ?? { items: [definition('widgets')] }
      );
    }
    throw new NotFoundError(request.path);
  });
  const directory = new CachedKindDirectory({ connections, now: () => now });
  const find = (plural: string, groupName = 'example.org', version?: string) =>
    directory.find('c1', { group: groupName, plural, version }, { signal });
  return {
    ...{ connections, directory, state, find },
    pass: (ms: number) => {
      now += ms;
    },
    kinds: async () => {
      const { kinds, cache } = await directory.list('c1', { signal });
      return {
        cache,
        names: kinds.map(kind => `${kind.plural}.${kind.group}`),
      };
    },
  };
}

describe('CachedKindDirectory', () => {
  it('tells every kind that can be listed, by group and plural', async () => {
    const { kinds, directory } = setUp();
    expect(await kinds()).toEqual({
      names: [
        ...['nodes.', 'pods.', 'olds.example.org', 'widgets.example.org'],
        'pods.metrics.k8s.io',
      ],
      cache: { state: 'live' },
    });
    const [nodes, pods] = (await directory.list('c1', { signal })).kinds;
    expect(nodes).toMatchObject({ namespaced: false, category: 'cluster' });
    expect(pods).toMatchObject({
      ...{ group: '', version: 'v1', versions: ['v1'], kind: 'Pod' },
      ...{ namespaced: true, category: 'workload', custom: false },
      ...{ shortNames: ['po'], actions: ['logs', 'exec'] },
      verbs: ['get', 'list', 'watch'],
    });
    expect(pods.columns.map(({ id }) => id)).toContain('restarts');
  });

  it('takes columns from the definition, in the version that is asked for', async () => {
    const { find } = setUp();
    const widgets = await find('widgets');
    expect(widgets).toMatchObject({
      ...{ version: 'v2', versions: ['v2', 'v1'], custom: true },
      ...{ category: 'custom', actions: ['scale'] },
    });
    expect(widgets.columns).toEqual([
      {
        id: 'upToDate',
        title: 'Up-to date',
        type: 'number',
        path: '.status.updated',
      },
      { id: 'name2', title: 'NAME', type: 'text', path: '.spec.name' },
      { id: 'name3', title: 'Name', type: 'text', path: '.spec.other' },
      { id: 'column', title: '大小', type: 'text', path: '.spec.size' },
      {
        id: 'message',
        title: 'Message',
        type: 'text',
        path: '.status.message',
        wide: true,
      },
      { id: 'odd', title: 'Odd', type: 'text', path: '.spec.odd' },
    ]);
    const older = await find('widgets', 'example.org', 'v1');
    expect(older.version).toBe('v1');
    expect(older.columns).toEqual([
      { id: 'status', title: 'Status', type: 'text', path: '.status.phase' },
    ]);
    await expect(find('widgets', 'example.org', 'v9')).rejects.toThrow(
      'The cluster has no kind widgets.example.org in version v9',
    );
    expect((await find('olds')).custom).toBe(false);
  });

  it('reads definitions in pages', async () => {
    const { find, connections } = setUp({
      definitions: ({ query }) =>
        query?.continue === 'next'
          ? { items: [definition('olds')] }
          : { items: [definition('widgets')], metadata: { continue: 'next' } },
    });
    expect((await find('olds')).custom).toBe(true);
    expect(connections.count(DEFINITIONS)).toBe(2);
  });

  it('has kinds without columns where our credential may not read definitions', async () => {
    const { find } = setUp({
      definitions: () => {
        throw new NotAllowedError('no');
      },
    });
    expect(await find('widgets')).toMatchObject({ custom: true, columns: [] });
    expect(await find('pods', 'metrics.k8s.io')).toMatchObject({
      custom: false,
    });
  });

  it('reads a cluster once for all who wait, and answers from memory then', async () => {
    const { kinds, find, connections, pass } = setUp();
    await Promise.all([kinds(), kinds(), find('widgets'), find('pods', '')]);
    pass(14_000);
    await kinds();
    await find('widgets');
    expect(connections.count('/apis')).toBe(1);
  });

  it('looks again for who asks later, without letting them wait', async () => {
    const { find, connections, state, pass } = setUp();
    await find('widgets');
    state.groups = [METRICS];
    pass(20_000);
    expect((await find('widgets')).kind).toBe('Widget');
    await new Promise(setImmediate);
    expect(connections.count('/apis')).toBe(2);
    await expect(find('widgets')).rejects.toThrow(NotFoundError);
  });

  it('does not answer with a list that is older than a minute', async () => {
    const { kinds, state, pass } = setUp();
    await kinds();
    state.groups = [METRICS];
    pass(61_000);
    expect((await kinds()).names).not.toContain('widgets.example.org');
  });

  it('looks for a kind that it does not know at once, but not for every one', async () => {
    const { find, state, connections, pass } = setUp({ groups: [METRICS] });
    await expect(find('widgets')).rejects.toThrow(
      'The cluster has no kind widgets.example.org',
    );
    for (let index = 0; index < 20; index += 1) {
      await expect(find(`nothings${index}`)).rejects.toThrow(NotFoundError);
    }
    expect(connections.count('/apis')).toBe(1);
    state.groups = [WIDGETS];
    pass(3_000);
    expect((await find('widgets')).kind).toBe('Widget');
    expect(connections.count('/apis')).toBe(2);
  });

  it('keeps the kinds of an API that does not answer, and names it', async () => {
    const { kinds, state, pass } = setUp();
    await kinds();
    state.groups = [
      WIDGETS,
      group('metrics.k8s.io', [
        { version: 'v1beta1', freshness: 'Stale', resources: [] },
      ]),
    ];
    pass(61_000);
    const { names, cache } = await kinds();
    expect(names).toContain('pods.metrics.k8s.io');
    expect(cache).toMatchObject({
      state: 'stale',
      message: 'These API groups do not answer: metrics.k8s.io',
    });
  });

  it('answers with what it knows while the cluster is away, and says so', async () => {
    let isAway = false;
    const { kinds, find, connections, pass } = setUp({
      core: () => {
        if (isAway) throw new ServiceUnavailableError('no route to it');
        return CORE;
      },
    });
    const { names } = await kinds();
    isAway = true;
    pass(61_000);
    expect(await kinds()).toEqual({
      names,
      cache: {
        state: 'stale',
        asOf: new Date(1_000_000).toISOString(),
        message: 'no route to it',
      },
    });
    expect((await find('widgets')).kind).toBe('Widget');
    // Nobody can say now that there is no such kind.
    await expect(find('nothings')).rejects.toThrow('no route to it');
    expect(connections.count('/apis')).toBe(2);
    isAway = false;
    pass(3_000);
    expect((await kinds()).cache).toEqual({ state: 'live' });
  });

  it('says why when it has never seen the cluster, and tries again later', async () => {
    let isAway = true;
    const { kinds, connections, pass } = setUp({
      core: () => {
        if (isAway) throw new ServiceUnavailableError('no route to it');
        return CORE;
      },
    });
    await expect(kinds()).rejects.toThrow('no route to it');
    await expect(kinds()).rejects.toThrow('no route to it');
    expect(connections.count('/apis')).toBe(1);
    isAway = false;
    pass(3_000);
    expect((await kinds()).cache).toEqual({ state: 'live' });
  });

  it('knows of which kinds a cluster tells no changes', async () => {
    const { directory, kinds } = setUp();
    const hasWatch = (plural: string, of: string) =>
      directory.hasWatch({
        ...{ cluster: 'c1', plural },
        group: of,
        version: 'v1',
      });
    expect(hasWatch('pods', 'metrics.k8s.io')).toBe(true);
    await kinds();
    expect(hasWatch('pods', 'metrics.k8s.io')).toBe(false);
    expect(hasWatch('pods', '')).toBe(true);
    expect(hasWatch('nothings', 'example.org')).toBe(true);
  });

  it('forgets a cluster that is another one now, or gone', async () => {
    const { find, connections, state } = setUp();
    await find('widgets');
    state.groups = [METRICS];
    connections.generation = 2;
    await expect(find('widgets')).rejects.toThrow(NotFoundError);
    connections.change({ cluster: 'c1', action: 'removed' });
    state.groups = [WIDGETS];
    expect((await find('widgets')).kind).toBe('Widget');
  });

  it('what is read of a former generation is not of the present one', async () => {
    const { kinds, connections, state } = setUp();
    let open = () => {};
    connections.gate = new Promise(resolve => {
      open = resolve;
    });
    const former = kinds();
    await new Promise(setImmediate);
    connections.generation = 2;
    connections.gate = Promise.resolve();
    const { names } = await kinds();
    state.groups = [];
    open();
    await former;
    expect((await kinds()).names).toEqual(names);
  });

  it('lets one go who does not wait any longer, and reads on for the others', async () => {
    const { directory, connections, find } = setUp();
    let open = () => {};
    connections.gate = new Promise(resolve => {
      open = resolve;
    });
    const leaving = new AbortController();
    const left = directory.list('c1', { signal: leaving.signal });
    const waiting = find('widgets');
    await new Promise(setImmediate);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    open();
    expect((await waiting).kind).toBe('Widget');
    expect(connections.count('/apis')).toBe(1);
  });

  it('says that a cluster is not known', async () => {
    const { directory } = setUp();
    await expect(directory.list('c2', { signal })).rejects.toThrow(
      NotFoundError,
    );
  });
});

describe('a cluster without aggregated discovery', () => {
  const legacy = (name: string, kind: string, more: object = {}) => ({
    ...{ name, kind, namespaced: true, verbs: ['get', 'list'] },
    ...more,
  });
  const answers: Record<string, unknown> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      groups: [
        {
          name: 'autoscaling',
          versions: [{ version: 'v1' }, { version: 'v2' }],
          preferredVersion: { version: 'v2' },
        },
        {
          name: 'metrics.k8s.io',
          versions: [{ version: 'v1beta1' }],
          preferredVersion: { version: 'v1beta1' },
        },
        { name: '../../secrets', versions: [{ version: '..' }] },
      ],
    },
    '/api/v1': {
      resources: [
        legacy('pods', 'Pod', { shortNames: ['po'] }),
        legacy('pods/log', 'Pod'),
        legacy('nodes', 'Node', { namespaced: false }),
      ],
    },
    '/apis/autoscaling/v1': {
      resources: [
        legacy('horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
      ],
    },
    '/apis/autoscaling/v2': {
      resources: [
        legacy('horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
      ],
    },
    [DEFINITIONS]: { items: [] },
  };

  it('is asked group by group; one that does not answer costs only its own kinds', async () => {
    const connections = new CannedConnections(({ path }) => {
      if (path in answers) return answers[path];
      throw withFailure(new ServiceUnavailableError('no metrics'), {
        cause: 'answer',
        status: 503,
      });
    });
    const directory = new CachedKindDirectory({ connections, now: Date.now });
    const { kinds, cache } = await directory.list('c1', { signal });
    expect(
      kinds.map(({ group: name, plural, version, versions }) => [
        ...[name, plural, version, versions.join()],
      ]),
    ).toEqual([
      ['', 'nodes', 'v1', 'v1'],
      ['', 'pods', 'v1', 'v1'],
      ['autoscaling', 'horizontalpodautoscalers', 'v2', 'v2,v1'],
    ]);
    expect(cache).toMatchObject({
      state: 'stale',
      message: 'These API groups do not answer: metrics.k8s.io',
    });
    expect(connections.requests.map(({ path }) => path).join()).not.toContain(
      '..',
    );
  });

  it('that is away in the middle of it is away', async () => {
    const connections = new CannedConnections(({ path }) => {
      if (path === '/apis/autoscaling/v1') {
        throw withFailure(new ServiceUnavailableError('reset'), {
          cause: 'network',
        });
      }
      return answers[path] ?? { resources: [] };
    });
    const directory = new CachedKindDirectory({ connections, now: Date.now });
    await expect(directory.list('c1', { signal })).rejects.toThrow('reset');
  });
});
