import { mockServices } from '@backstage/backend-test-utils';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { AuditIntent } from '../audit/AuditLog';
import { isProvisional } from '../router/provisional';
import { requestContext } from '../router/__testUtils__/requestContext';
import type {
  IdempotencyKeys,
  StoredAnswer,
} from '../idempotency/IdempotencyKeys';
import { ClusterFanOut } from './ClusterFanOut';
import { manyClusterHandlers } from './manyClusterHandlers';
import { inSlots } from './inSlots';

const CLUSTERS = [
  { id: 'c3', name: 'us', labels: { region: 'us' } },
  { id: 'c1', name: 'eu', labels: { region: 'eu' } },
  { id: 'c2', name: 'eu-2', labels: { region: 'eu' } },
];
const PATH = {
  ...{ group: 'apps', plural: 'deployments', action: 'restart' as const },
  ...{ namespace: 'shop', name: 'web' },
};
const READ = {
  row: {
    ...{ cluster: 'c', name: 'web', uid: 'u', resourceVersion: '7' },
    ...{ createdAt: '2026-01-01T00:00:00Z', cells: [] },
    health: { state: 'healthy' as const },
  },
  cache: { state: 'live' as const },
};
const DONE = { name: 'web', namespace: 'shop', status: 'done' as const };

/** Many clusters, each of which answers as `act` says; `visible` of them may be seen. */
function setUp(
  options: {
    act?: (cluster: string, signal: AbortSignal) => Promise<void> | void;
    visible?: readonly (typeof CLUSTERS)[number][];
  } = {},
) {
  const { act, visible = CLUSTERS } = options;
  const asked: { id: string; query?: unknown; body?: unknown }[] = [];
  const refused: AuditIntent[] = [];
  const one = async (request: {
    path: { id: string };
    query: unknown;
    body: unknown;
    context: { signal: AbortSignal };
  }) => {
    const { path, query, body, context } = request;
    asked.push({ id: path.id, query, body });
    await act?.(path.id, context.signal);
    return DONE;
  };
  const ended = new Map<string, StoredAnswer>();
  const idempotency: IdempotencyKeys = {
    async run({ key }, context, work) {
      const known = ended.get(key);
      if (known) return known;
      const answer = await work(context);
      if (answer.status < 500) ended.set(key, answer);
      return answer;
    },
  };
  const handlers = manyClusterHandlers({
    fanOut: new ClusterFanOut({
      clusters: {
        get: async () => visible[0],
        list: async () => [...visible],
      },
      idempotency,
      logger: mockServices.logger.mock(),
    }),
    audit: {
      change: async (_intent, _context, work) => work(() => {}),
      record: async () => {},
      refused: async intent => {
        refused.push(intent);
      },
    },
    handlers: {
      actOnResource: one,
      applyResource: one,
      createResource: one,
      patchResource: one,
      deleteResource: async request => {
        await one(request);
        return { success: true };
      },
      getResource: async ({ path }) => {
        if (path.id === 'c2') throw new NotAllowedError('Not for you');
        const { name, namespace } = path;
        const object = {
          ...{ data: { at: path.id }, status: {} },
          metadata: { name, namespace, resourceVersion: '7' },
        };
        return { ...{ object, columns: [], owners: [] }, ...READ };
      },
    },
  });
  const restart = (cluster: string, dryRun = false) =>
    handlers.actOnResourceOfClusters({
      path: PATH,
      query: { cluster, dryRun },
      body: {},
      context: requestContext(),
    });
  return { asked, refused, handlers, restart };
}

describe('a change of many clusters', () => {
  it('is the change of one cluster, for each that is selected', async () => {
    const { asked, restart } = setUp();
    expect(await restart('region=eu', true)).toEqual({
      items: [
        { cluster: { id: 'c1', name: 'eu' }, ...DONE },
        { cluster: { id: 'c2', name: 'eu-2' }, ...DONE },
      ],
      errors: [],
    });
    expect(asked).toEqual([
      { id: 'c1', query: { dryRun: true }, body: {} },
      { id: 'c2', query: { dryRun: true }, body: {} },
    ]);
  });

  it.each([
    ['id', ['c1', 'c2', 'c3']],
    ['name in (eu,us)', ['c1', 'c3']],
    ['id=c2', ['c2']],
  ])('selects by %s', async (selector, ids) => {
    const { asked, restart } = setUp();
    await restart(selector);
    expect(asked.map(({ id }) => id)).toEqual(ids);
  });

  it('has nothing to do with clusters that the caller may not see', async () => {
    const { asked, restart } = setUp({ visible: CLUSTERS.slice(1) });
    const { items } = await restart('id');
    expect(items.map(({ cluster }) => cluster.id)).toEqual(['c1', 'c2']);
    expect(asked).toHaveLength(2);
    await expect(restart('id=c3')).rejects.toThrow(NotFoundError);
    expect(asked).toHaveLength(2);
  });

  it('refuses what selects nothing, and what is no selector', async () => {
    const { asked, restart } = setUp();
    await expect(restart('region=mars')).rejects.toThrow(
      'No cluster is selected',
    );
    await expect(restart('region in (')).rejects.toThrow(InputError);
    expect(asked).toEqual([]);
  });

  it('says of each cluster why it was not changed, and audits refusals', async () => {
    const { refused, restart } = setUp({
      act: cluster => {
        if (cluster === 'c1') throw new NotAllowedError('needs K8sOperator');
        if (cluster === 'c2') throw new NotFoundError('no such deployment');
      },
    });
    const answer = await restart('id');
    expect(answer.items.map(({ cluster }) => cluster.name)).toEqual(['us']);
    expect(answer.errors).toEqual([
      {
        cluster: { id: 'c1', name: 'eu' },
        ...{ error: 'needs K8sOperator', status: 403 },
      },
      {
        cluster: { id: 'c2', name: 'eu-2' },
        ...{ error: 'no such deployment', status: 404 },
      },
    ]);
    expect(refused).toEqual([
      {
        action: 'deployment.restart',
        cluster: { id: 'c1', name: 'eu' },
        resource: {
          ...{ group: 'apps', plural: 'deployments' },
          ...{ namespace: 'shop', name: 'web' },
        },
      },
    ]);
  });

  it('tells what is unexpected without its words', async () => {
    const { restart } = setUp({
      act: () => {
        throw new Error('secret');
      },
    });
    const { errors } = await restart('id=c1');
    expect(errors[0].status).toBe(500);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  it.each<[string, Error, boolean]>([
    ['is away', new ServiceUnavailableError('away'), true],
    ['may not be changed for now', new NotAllowedError('no'), true],
    ['does not have it yet', new NotFoundError('no'), true],
    ['finds it wrong', new InputError('no'), false],
  ])('is tried again where a cluster %s: %s %s', async (_, error, again) => {
    const { restart } = setUp({
      act: cluster => {
        if (cluster === 'c1') throw error;
      },
    });
    expect(isProvisional(await restart('id'))).toBe(again);
  });

  it.each(['resourceVersion', 'uid'])(
    'does not take the %s of one cluster to others',
    async field => {
      const { asked, handlers } = setUp();
      const { action: _, ...path } = PATH;
      const metadata = { name: 'web', [field]: '7' };
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
      const request = {
        ...{ path, query: { cluster: 'id' }, context: requestContext() },
      };
      for (const refused of [
        () =>
          handlers.applyResourceOfClusters({ ...request, body: { manifest } }),
        () =>
          handlers.createResourceOfClusters({ ...request, body: { manifest } }),
        () =>
          handlers.patchResourceOfClusters({
            ...{ ...request, body: { patch: { metadata } } },
          }),
      ]) {
        await expect(refused()).rejects.toThrow(InputError);
      }
      expect(asked).toEqual([]);
    },
  );

  it('creates and patches, each as planned or made by the one cluster', async () => {
    const { asked, refused, handlers } = setUp({
      act: cluster => {
        if (cluster === 'c2') throw new NotAllowedError('needs K8sOperator');
      },
    });
    const { action: _, ...path } = PATH;
    const { group, plural, name, namespace } = path;
    const query = { cluster: 'region=eu', dryRun: true };
    const manifest = {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      metadata: { name, namespace },
    };
    const patch = { spec: { replicas: 2 } };
    const answers = [
      await handlers.createResourceOfClusters({
        ...{ query, context: requestContext(), body: { manifest } },
        path: { group, plural },
      }),
      await handlers.patchResourceOfClusters({
        ...{ path, query, context: requestContext(), body: { patch } },
      }),
    ];
    for (const { items, errors } of answers) {
      expect(items).toEqual([{ cluster: { id: 'c1', name: 'eu' }, ...DONE }]);
      expect(errors).toMatchObject([{ cluster: { id: 'c2' }, status: 403 }]);
    }
    expect(asked).toEqual(
      [{ manifest }, { manifest }, { patch }, { patch }].map((body, index) => ({
        ...{ id: index % 2 === 0 ? 'c1' : 'c2', body },
        query: { dryRun: true },
      })),
    );
    const resource = { group, plural, name, namespace };
    const cluster = { id: 'c2', name: 'eu-2' };
    expect(refused).toEqual([
      { action: 'deployment.create', cluster, resource },
      { action: 'deployment.patch', cluster, resource },
    ]);
  });

  it('deletes, and says where', async () => {
    const { asked, handlers } = setUp();
    const { action: _, ...path } = PATH;
    const answer = await handlers.deleteResourceOfClusters({
      ...{ path, body: undefined, context: requestContext() },
      query: { cluster: 'name=us', propagation: 'Orphan' },
    });
    expect(answer.items).toEqual([
      { cluster: { id: 'c3', name: 'us' }, ...DONE },
    ]);
    expect(asked).toMatchObject([
      { id: 'c3', query: { propagation: 'Orphan' } },
    ]);
  });

  it('reads the object of each, and says of each other why not', async () => {
    const { refused, handlers } = setUp();
    const { action: _, ...path } = PATH;
    const read = (cluster: string) =>
      handlers.getResourceOfClusters({
        ...{ path, body: undefined, context: requestContext() },
        query: { cluster },
      });
    const { items, errors } = await read('region=eu');
    expect(items).toEqual([
      {
        ...{ cluster: { id: 'c1', name: 'eu' }, columns: [], owners: [] },
        object: expect.objectContaining({ data: { at: 'c1' } }),
        ...READ,
      },
    ]);
    expect(errors).toEqual([
      {
        cluster: { id: 'c2', name: 'eu-2' },
        ...{ error: 'Not for you', status: 403 },
      },
    ]);
    // As of one cluster: what is not told is no change that was refused.
    expect(refused).toEqual([]);
    await expect(read('region=mars')).rejects.toThrow(NotFoundError);
  });

  it('plans a deletion with what goes on each, where that may be read', async () => {
    const { asked, handlers } = setUp();
    const { action: _, ...path } = PATH;
    const answer = await handlers.deleteResourceOfClusters({
      ...{ path, body: undefined, context: requestContext() },
      query: { cluster: 'region=eu', dryRun: true },
    });
    const planned = { name: 'web', namespace: 'shop', status: 'planned' };
    expect(answer).toEqual({
      items: [
        {
          ...{ cluster: { id: 'c1', name: 'eu' }, ...planned },
          plan: {
            before: {
              data: { at: 'c1' },
              metadata: { name: 'web', namespace: 'shop' },
            },
            ...{ after: null, changes: [], warnings: [] },
          },
        },
        { cluster: { id: 'c2', name: 'eu-2' }, ...planned },
      ],
      errors: [],
    });
    expect(asked).toMatchObject([
      { id: 'c1', query: { dryRun: true } },
      { id: 'c2', query: { dryRun: true } },
    ]);
  });

  it('gives up a cluster that says nothing, and tells of the others', async () => {
    jest.useFakeTimers();
    try {
      const aborted: string[] = [];
      const { restart } = setUp({
        act: (cluster, signal) =>
          cluster === 'c2'
            ? new Promise(() => {
                signal.addEventListener('abort', () => aborted.push(cluster));
              })
            : undefined,
      });
      const answer = restart('id');
      await jest.advanceTimersByTimeAsync(60_000);
      const { items, errors } = await answer;
      expect(items.map(({ cluster }) => cluster.id)).toEqual(['c1', 'c3']);
      expect(errors).toMatchObject([{ cluster: { id: 'c2' }, status: 503 }]);
      expect(aborted).toEqual(['c2']);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('slots', () => {
  it('bound what is done at once, and those who take long hold up nobody', async () => {
    jest.useFakeTimers();
    try {
      const begun: number[] = [];
      const ends = new Map<number, () => void>();
      const done = inSlots([0, 1, 2, 3, 4], {
        ...{ slots: 2, patienceMs: 100 },
        work: item => {
          begun.push(item);
          return new Promise<number>(resolve =>
            ends.set(item, () => resolve(item * 10)),
          );
        },
      });
      await jest.advanceTimersByTimeAsync(0);
      expect(begun).toEqual([0, 1]);
      ends.get(1)!();
      await jest.advanceTimersByTimeAsync(0);
      expect(begun).toEqual([0, 1, 2]);
      await jest.advanceTimersByTimeAsync(200);
      expect(begun).toEqual([0, 1, 2, 3, 4]);
      for (const item of [4, 3, 2, 0]) ends.get(item)!();
      expect(await done).toEqual([0, 10, 20, 30, 40]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('are given back by what fails', async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 0) throw new Error('first');
    };
    await expect(
      inSlots([0, 1, 2], { slots: 1, patienceMs: 60_000, work }),
    ).rejects.toThrow('first');
    await Promise.resolve();
    expect(begun).toContain(1);
  });
});
