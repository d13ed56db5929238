import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { MemoryResources, testContext } from './__fixtures__/MemoryResources';
import {
  deployment,
  NOW,
  pod,
  replicaSet,
} from './__fixtures__/workloadObjects';
import { DeploymentReader } from './DeploymentReader';
import type { DeploymentQuery } from './DeploymentReader';

const PLACE = { cluster: 'c1', namespace: 'shop', name: 'payments' };

function setUp() {
  const resources = new MemoryResources();
  const now = () => NOW;
  resources.now = now;
  const reader = new DeploymentReader({ resources, now });
  const list = async (query: Partial<DeploymentQuery> = {}) => {
    const page = await reader.list({ cluster: 'c1', ...query }, testContext());
    const { deployments, ...rest } = page.parse() as {
      deployments: { namespace: string; name: string }[];
      total: number;
      continue?: string;
    };
    const names = deployments.map(row => `${row.namespace}/${row.name}`);
    return { names, ...rest };
  };
  const detail = async (minimumVersion?: string) =>
    (
      await reader.detail(PLACE, { context: testContext(), minimumVersion })
    ).parse();
  const version = (resourceVersion: string) =>
    deployment({ metadata: { resourceVersion } });
  return { resources, list, detail, version };
}

const named = (name: string, namespace: string, more: object = {}) =>
  deployment({
    metadata: { name, namespace, uid: `${namespace}/${name}` },
    ...more,
  });

describe('a list of deployments', () => {
  it('is sorted by what was asked for, and continued where it ended', async () => {
    const { resources, list } = setUp();
    resources.set(
      'deployments',
      named('b', 'one', { status: { readyReplicas: 3 } }),
    );
    resources.set(
      'deployments',
      named('a', 'two', { status: { readyReplicas: 0 } }),
    );
    resources.set(
      'deployments',
      named('c', 'one', { status: { readyReplicas: 1 } }),
    );
    expect((await list()).names).toEqual(['one/b', 'one/c', 'two/a']);
    expect((await list({ sort: '-name' })).names).toEqual([
      'one/c',
      'one/b',
      'two/a',
    ]);
    expect((await list({ sort: 'ready' })).names).toEqual([
      'two/a',
      'one/c',
      'one/b',
    ]);
    const first = await list({ sort: 'ready', limit: 2 });
    expect(first).toMatchObject({ names: ['two/a', 'one/c'], total: 3 });
    const rest = await list({
      sort: 'ready',
      limit: 2,
      continue: first.continue,
    });
    expect(rest.names).toEqual(['one/b']);
    expect(rest).not.toHaveProperty('continue');
    await expect(
      list({ sort: 'name', continue: first.continue }),
    ).rejects.toThrow('another list');
  });

  it('holds what was searched for, by name or image', async () => {
    const { resources, list } = setUp();
    resources.set('deployments', named('payments', 'shop'));
    resources.set('deployments', named('orders', 'shop'));
    expect((await list({ search: 'ORD' })).names).toEqual(['shop/orders']);
    expect((await list({ search: 'registry' })).total).toBe(2);
    expect((await list({ namespace: 'other' })).total).toBe(0);
  });
});

describe('one deployment', () => {
  it('is told in the version that was asked for, as soon as the view has it', async () => {
    const { resources, detail, version } = setUp();
    resources.set('deployments', version('5'));
    resources.set('replicasets', replicaSet(2));
    resources.set('pods', pod({ name: 'a' }));
    resources.get = async () => {
      setTimeout(() => resources.set('deployments', version('9')), 200);
      return { object: version('9'), cache: { state: 'live' } };
    };
    expect(await detail('9')).toMatchObject({
      resourceVersion: '9',
      pods: [{ name: 'a' }],
      cache: { state: 'live' },
    });
  });

  it('is told by itself where the cache does not know it, which is said', async () => {
    const { resources, detail, version } = setUp();
    resources.get = async () => ({
      object: version('9'),
      cache: { state: 'live' },
    });
    expect(await detail()).toMatchObject({
      resourceVersion: '9',
      pods: [],
      cache: { state: 'syncing' },
    });
  });

  it('does not exist when the API server says so, and is not known while nobody answers', async () => {
    const { resources, detail } = setUp();
    await expect(detail()).rejects.toThrow(NotFoundError);
    resources.failures.set('deployments', new ServiceUnavailableError('away'));
    await expect(detail()).rejects.toThrow('away');
  });
});
