import type { operations } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { MemoryResources, testContext } from './__fixtures__/MemoryResources';
import {
  deployment,
  NOW,
  pod,
  replicaSet,
} from './__fixtures__/workloadObjects';
import { ServiceDeployments } from './ServiceDeployments';
import type { ServiceCluster } from './ServiceDeployments';

type ServiceAnswer =
  operations['listServiceDeployments']['responses'][200]['content']['application/json'];

const CLUSTERS: ServiceCluster[] = [
  { id: 'c2', name: 'Dev US', slug: 'dev-us', labels: { region: 'us' } },
  { id: 'c1', name: 'dev-eu', slug: 'dev-eu', labels: {} },
];

function setUp(annotations: Record<string, string>) {
  const resources = new MemoryResources();
  resources.now = () => NOW;
  const services = new ServiceDeployments({
    resources,
    annotations: { of: async () => annotations },
    clusters: { list: async () => CLUSTERS },
    health: {
      summaries: async () => new Map([['c1', { status: 'healthy' as const }]]),
    },
  });
  const list = async (ref: string, context: RequestContext) =>
    (await services.list(ref, context)).parse() as ServiceAnswer;
  return { resources, services, list };
}

const mine = (labels: Record<string, string>, namespace = 'shop') =>
  deployment({ metadata: { labels, namespace } });

describe('ServiceDeployments', () => {
  it("finds an entity's deployments with their pods on all clusters", async () => {
    const { list, resources } = setUp({
      'backstage.io/kubernetes-id': 'pay',
    });
    const context = testContext();
    resources.set('deployments', mine({ 'backstage.io/kubernetes-id': 'pay' }));
    resources.set('replicasets', replicaSet(2));
    resources.set('pods', pod({ name: 'a' }));
    resources.set(
      'deployments',
      mine({ 'backstage.io/kubernetes-id': 'other' }),
      'c2',
    );

    const answer = await list('payments', context);
    expect(answer).toMatchObject({
      items: [
        { cluster: 'c1', name: 'payments', pods: [{ name: 'a', revision: 2 }] },
      ],
      clusters: [
        {
          id: 'c2',
          name: 'Dev US',
          labels: { region: 'us' },
          status: 'unknown',
          cache: { state: 'live' },
        },
        { id: 'c1', name: 'dev-eu', status: 'healthy' },
      ],
      errors: [],
    });
  });

  it.each([
    [
      { 'backstage.io/kubernetes-label-selector': 'app in (a,b)' },
      { labelSelector: 'app in (a,b)' },
    ],
    [
      {
        'backstage.io/kubernetes-id': 'pay',
        'backstage.io/kubernetes-namespace': 'shop',
      },
      { namespace: 'shop', labelSelector: 'backstage.io/kubernetes-id=pay' },
    ],
    [
      {
        'backstage.io/kubernetes-id': 'pay',
        'backstage.io/kubernetes-cluster': 'dev us',
      },
      { clusters: [CLUSTERS[0]] },
    ],
    [
      {
        'backstage.io/kubernetes-id': 'pay',
        'backstage.io/kubernetes-cluster': 'dev-us',
      },
      { clusters: [CLUSTERS[0]] },
    ],
    [
      {
        'backstage.io/kubernetes-id': 'pay',
        'backstage.io/kubernetes-cluster': 'gone',
      },
      { clusters: [] },
    ],
  ])('reads the annotations %j', async (annotations, expected) => {
    const { services } = setUp(annotations as Record<string, string>);
    expect(
      await services.select('component:payments', testContext()),
    ).toMatchObject(expected);
  });

  it.each([
    [{ 'backstage.io/kubernetes-id': 'a,b=c' }],
    [{ 'backstage.io/kubernetes-label-selector': 'a in (' }],
    [
      {
        'backstage.io/kubernetes-id': 'a',
        'backstage.io/kubernetes-namespace': '../x',
      },
    ],
  ])('refuses annotations that are not valid: %j', async annotations => {
    const { list } = setUp(annotations as Record<string, string>);
    await expect(list('payments', testContext())).rejects.toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });

  it('finds nothing for an entity that names no workloads', async () => {
    const { list } = setUp({});
    expect(await list('payments', testContext())).toEqual({
      items: [],
      clusters: [],
      errors: [],
    });
  });

  it('answers in time when one cluster fails and another never answers', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      const { list, resources } = setUp({
        'backstage.io/kubernetes-id': 'pay',
      });
      resources.view = async query => {
        if (query.cluster === 'c2') return new Promise(() => {});
        throw new Error('connection refused');
      };
      const answer = list('payments', testContext());
      await jest.advanceTimersByTimeAsync(2_000);
      expect(await answer).toMatchObject({
        items: [],
        errors: [
          { cluster: { id: 'c2' }, error: 'The cluster has not answered yet' },
          { cluster: { id: 'c1' }, error: 'connection refused' },
        ],
      });
    } finally {
      jest.useRealTimers();
    }
  });
});
