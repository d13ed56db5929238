import { mockServices } from '@backstage/backend-test-utils';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { HiddenResourcesFilter } from './HiddenResourcesFilter';
import { readHidden } from './readHidden';

const PRODUCTION = {
  id: 'c1',
  name: 'one',
  labels: { environment: 'production' },
};

const read = (hidden: unknown) =>
  readHidden(mockServices.rootConfig({ data: { k8s: { hidden } } as never }));

function criteria(
  hidden: object[],
  options: { groups?: string[]; type?: 'user' | 'service' | 'system' } = {},
) {
  const { groups = [], type = 'user' } = options;
  const filter = new HiddenResourcesFilter({
    hidden: read(hidden),
    userInfo: mockServices.userInfo.mock({
      getUserInfo: async () => ({
        userEntityRef: 'user:default/jane',
        ownershipEntityRefs: groups,
      }),
    }),
  });
  return filter.criteria(PRODUCTION, {
    principal: { type, ref: 'user:default/jane' },
  } as RequestContext);
}

const rule = (name: string, params: object) =>
  expect.objectContaining({ rule: name, params });

describe('HiddenResourcesFilter', () => {
  it('hides namespaces, kinds, and kinds in namespaces', async () => {
    const namespaces = ['kube-system'];
    const types = ['secrets'];
    expect(
      await criteria([{ namespaces }, { types }, { namespaces, types }]),
    ).toEqual({
      allOf: [
        { not: rule('IS_NAMESPACE', { namespaces }) },
        { not: rule('IS_RESOURCE_TYPE', { types }) },
        {
          not: {
            allOf: [
              rule('IS_NAMESPACE', { namespaces }),
              rule('IS_RESOURCE_TYPE', { types }),
            ],
          },
        },
      ],
    });
  });

  it('shows to excepted groups, and hides from services', async () => {
    const hidden = [{ types: ['secrets'], except: ['group:default/security'] }];
    expect(await criteria(hidden, { groups: ['group:default/security'] })).toBe(
      'all',
    );
    expect(await criteria(hidden, { type: 'service' })).not.toBe('all');
  });

  it('hides nothing on other clusters, and nothing from the suite itself', async () => {
    const clusters = { matchLabels: { environment: 'test' } };
    expect(await criteria([{ types: ['secrets'], clusters }])).toBe('all');
    expect(await criteria([{ types: ['secrets'] }], { type: 'system' })).toBe(
      'all',
    );
  });
});

describe('readHidden', () => {
  it.each([
    ['nothing that is hidden', [{ except: [] }], 'namespaces or types'],
    ['an unknown key', [{ kinds: ['secrets'] }], 'k8s.hidden.0'],
    ['an empty list', [{ types: [] }], 'k8s.hidden.0.types'],
  ])('refuses %s and names the key', (_, hidden, words) => {
    expect(() => read(hidden)).toThrow(words);
  });
});
