import { InputError, NotFoundError } from '@backstage/errors';
import { requestContext } from '../router/__testUtils__/requestContext';
import type { Handlers } from '../router/Handlers';
import type { AccessControl } from './AccessControl';
import { accessHandlers } from './accessHandlers';

type Review = Parameters<
  Handlers['reviewAccess']
>[0]['body']['reviews'][number];

const EU = { id: 'c1', name: 'dev-eu', labels: {} };

function review(reviews: Review[], access: Partial<AccessControl> = {}) {
  const { reviewAccess } = accessHandlers({
    access: {
      allowsCluster: async () => false,
      allowsResource: async () => false,
      allowsEveryCluster: async () => false,
      allowsSomeCluster: async () => false,
      refusal: () => 'This needs a role',
      ...access,
    } as AccessControl,
    clusters: {
      get: async id => {
        if (id !== EU.id) throw new NotFoundError('There is no such cluster');
        return EU;
      },
      list: async () => [EU],
    },
  });
  return reviewAccess({
    context: requestContext(),
    path: {},
    query: {},
    body: { reviews },
  });
}

const DEPLOYMENT = { group: 'apps', plural: 'deployments', namespace: 'shop' };

describe('reviewAccess', () => {
  it('says which role is missing', async () => {
    const { reviews } = await review([
      { action: 'cluster.register' },
      { action: 'cluster.update', cluster: 'c1' },
      { action: 'resource.update', cluster: 'c1', ...DEPLOYMENT },
      {
        action: 'resource.update',
        cluster: 'c1',
        ...DEPLOYMENT,
        namespace: 'kube-system',
      },
      { action: 'audit.readAll' },
    ]);
    expect(reviews.map(({ allowed }) => allowed)).toEqual(Array(5).fill(false));
    expect(reviews.map(({ role }) => role)).toEqual([
      'K8sAdmin',
      'K8sAdmin',
      'K8sOperator',
      'K8sAdmin',
      'K8sAdmin',
    ]);
  });

  it('says the same of a cluster that is hidden and one that does not exist', async () => {
    const { reviews } = await review([
      { action: 'cluster.update', cluster: 'hidden' },
      { action: 'resource.read', cluster: 'none', plural: 'pods' },
    ]);
    expect(reviews[0]).toEqual(reviews[1]);
    expect(reviews[0]).toEqual({
      allowed: false,
      reason: 'There is no such cluster',
    });
  });

  it.each<Review>([
    { action: 'cluster.read' },
    { action: 'resource.read', plural: 'pods' },
    { action: 'resource.read', cluster: 'c1' },
  ])('refuses a review that lacks something: %o', async incomplete => {
    await expect(review([incomplete])).rejects.toThrow(InputError);
  });

  it('fails when the permissions cannot be asked', async () => {
    const allowsSomeCluster = async () => {
      throw new Error('away');
    };
    await expect(
      review([{ action: 'cluster.register' }], { allowsSomeCluster }),
    ).rejects.toThrow('away');
  });

  it('lets register who may register some clusters: which one it is to be is not known yet', async () => {
    const { reviews } = await review([{ action: 'cluster.register' }], {
      allowsSomeCluster: async ({ name }) => name === 'k8s.cluster.register',
    });
    expect(reviews).toEqual([{ allowed: true }]);
  });

  it('answers in the order of the questions', async () => {
    const { reviews } = await review(
      [
        { action: 'resource.read', cluster: 'c1', ...DEPLOYMENT },
        { action: 'resource.delete', cluster: 'c1', ...DEPLOYMENT },
      ],
      { allowsResource: async ({ name }) => name === 'k8s.resource.delete' },
    );
    expect(reviews.map(({ allowed }) => allowed)).toEqual([false, true]);
  });
});
