import { NotAllowedError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { contextOf } from '../cache/__testUtils__/objects';
import { impersonationHeaders } from '../connection/KubeIdentity';
import { MappedIdentities } from './MappedIdentities';

const user = (ref = 'user:default/jane') =>
  contextOf({ principal: { type: 'user', ref } });

function setUp(options: { groups?: string[]; userPrefix?: string } = {}) {
  const { groups = ['group:default/b', 'group:default/a'] } = options;
  let now = 0;
  const getUserInfo = jest.fn(async () => ({
    userEntityRef: 'user:default/jane',
    ownershipEntityRefs: ['user:default/jane', ...groups],
  }));
  const identities = new MappedIdentities({
    impersonates: async cluster => cluster === 'c1',
    userInfo: { getUserInfo },
    mapping: { userPrefix: options.userPrefix ?? 'b:', groupPrefix: 'g:' },
    now: () => now,
  });
  return {
    getUserInfo,
    of: (context: RequestContext, cluster = 'c1') =>
      identities.of(cluster, context),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('MappedIdentities', () => {
  it('calls users and groups by their references, with the prefixes', async () => {
    expect(await setUp().of(user())).toEqual({
      user: 'b:user:default/jane',
      groups: ['g:group:default/a', 'g:group:default/b'],
    });
  });

  it('is nobody else for the portal itself, and on clusters that are not in the mode', async () => {
    const { of } = setUp();
    expect(await of(contextOf())).toBeUndefined();
    expect(await of(user(), 'c2')).toBeUndefined();
  });

  it('calls services by their subject, without groups', async () => {
    const principal = { type: 'service', ref: 'external:ci' } as const;
    expect(await setUp().of(contextOf({ principal }))).toEqual({
      user: 'b:service:external:ci',
      groups: [],
    });
  });

  it('remembers the groups of a user for seconds', async () => {
    const { of, pass, getUserInfo } = setUp();
    await Promise.all([of(user()), of(user())]);
    expect(getUserInfo).toHaveBeenCalledTimes(1);
    await of(user('user:default/joe'));
    expect(getUserInfo).toHaveBeenCalledTimes(2);
    pass(5_001);
    await of(user());
    expect(getUserInfo).toHaveBeenCalledTimes(3);
  });

  it('asks again after a failure', async () => {
    const { of, getUserInfo } = setUp();
    getUserInfo.mockRejectedValueOnce(new Error('away'));
    await expect(of(user())).rejects.toThrow('away');
    expect(await of(user())).toMatchObject({ user: 'b:user:default/jane' });
  });

  it.each([
    ['a name of Kubernetes', { userPrefix: 'System:' }],
    [
      'more groups than a server takes',
      { groups: Array.from({ length: 201 }, (_, at) => `group:default/${at}`) },
    ],
  ])('refuses %s', async (_, options) => {
    await expect(setUp(options).of(user())).rejects.toThrow(NotAllowedError);
  });

  it('refuses whoever is nobody', async () => {
    const principal = { type: 'anonymous', ref: 'anonymous' } as const;
    await expect(setUp().of(contextOf({ principal }))).rejects.toThrow(
      NotAllowedError,
    );
  });
});

describe('impersonationHeaders', () => {
  it('tells user and groups, or nothing', () => {
    expect(impersonationHeaders(undefined)).toEqual({});
    expect(impersonationHeaders({ user: 'u', groups: [] })).toEqual({
      'impersonate-user': 'u',
    });
    expect(impersonationHeaders({ user: 'u', groups: ['a', 'b'] })).toEqual({
      'impersonate-user': 'u',
      'impersonate-group': ['a', 'b'],
    });
  });

  it.each(['', 'a b', 'a\r\nImpersonate-User: x', 'ä'])(
    'never tells %j',
    name => {
      expect(() => impersonationHeaders({ user: 'u', groups: [name] })).toThrow(
        'cannot be told',
      );
      expect(() => impersonationHeaders({ user: name, groups: [] })).toThrow(
        'cannot be told',
      );
    },
  );
});
