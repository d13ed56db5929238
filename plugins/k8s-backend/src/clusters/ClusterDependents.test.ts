import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { ClusterDependents } from './ClusterDependents';
import type { RegisteredCluster } from './ClusterStore';

const cluster = { name: 'Dev EU', slug: 'dev-eu' } as RegisteredCluster;
const context = {
  credentials: mockCredentials.user('user:default/asker'),
} as RequestContext;

function entity(name: string, kind = 'Component'): Entity {
  return { apiVersion: 'v1', kind, metadata: { name, title: `The ${name}` } };
}

function setUp(found: Entity[], visible: string[]) {
  const getEntities = jest.fn(async () => ({ items: found }));
  const getEntitiesByRefs = jest.fn(
    async ({ entityRefs }: { entityRefs: string[] }) => ({
      items: entityRefs.map(ref =>
        visible.includes(ref)
          ? found.find(({ metadata }) => ref.endsWith(`/${metadata.name}`))
          : undefined,
      ),
    }),
  );
  const dependents = new ClusterDependents({
    catalog: { getEntities, getEntitiesByRefs },
    auth: mockServices.auth(),
  });
  return { dependents, getEntities, getEntitiesByRefs };
}

describe('ClusterDependents', () => {
  it('names what the caller may see and counts the rest', async () => {
    const { dependents, getEntities, getEntitiesByRefs } = setUp(
      [entity('shop'), entity('hidden'), entity('secret')],
      ['component:default/shop'],
    );
    const found = await dependents.list(cluster, context);
    expect(found).toEqual([
      { kind: 'entity', ref: 'component:default/shop', title: 'The shop' },
      { kind: 'entity', ref: '', title: '2 entities that you may not see' },
    ]);
    // Looked for as the plugin, shown as the caller.
    expect(getEntities).toHaveBeenCalledWith(
      expect.objectContaining({
        filter: {
          'metadata.annotations.backstage.io/kubernetes-cluster': [
            'Dev EU',
            'dev-eu',
          ],
        },
      }),
      { credentials: mockCredentials.service('plugin:test') },
    );
    expect(getEntitiesByRefs.mock.calls[0]).toContainEqual({
      credentials: context.credentials,
    });
  });

  it("does not count the cluster's own entity", async () => {
    const { dependents } = setUp([entity('dev-eu', 'Resource')], []);
    expect(await dependents.list(cluster, context)).toEqual([]);
  });

  it('says that it does not know when the catalog is away', async () => {
    const { dependents, getEntities } = setUp([], []);
    getEntities.mockRejectedValue(new Error('away'));
    await expect(dependents.list(cluster, context)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });
});
