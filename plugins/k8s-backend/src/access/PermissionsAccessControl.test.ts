import { mockServices } from '@backstage/backend-test-utils';
import {
  categoryOf,
  grantCovers,
  k8sAuditReadPermission,
  k8sClusterReadPermission,
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
  k8sPermissions,
  k8sResourceCreatePermission,
  k8sResourceReadPermission,
  k8sResourceUpdatePermission,
  KINDS,
  ROLE_GRANTS,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterPermission,
  K8sResourcePermission,
} from '@backstage-k8s/plugin-k8s-common';
import { k8sResourceConditions } from '@backstage-k8s/plugin-k8s-node';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import { toResourceReference } from '../resources/resourceReference';
import {
  requestContext,
  serviceContext,
} from '../router/__testUtils__/requestContext';
import type { ServiceGrant } from '../config/readK8sConfig';
import { OUTAGE_MS, REMEMBERED_MS } from './DecisionMemory';
import { PermissionsAccessControl } from './PermissionsAccessControl';

const EU = { id: 'c1', name: 'dev-eu', labels: { region: 'eu' } };
const US = { id: 'c2', name: 'dev-us', labels: { region: 'us' } };
const DEPLOYMENT = { group: 'apps', plural: 'deployments', namespace: 'shop' };
const CHANGES = k8sPermissions.filter(
  ({ attributes }) => attributes.action !== 'read',
);

const permissions = mockServices.permissions.mock();

function accessWith(
  options: { permissionEnabled?: boolean; services?: ServiceGrant[] } = {},
) {
  return new PermissionsAccessControl({
    auth: mockServices.auth(),
    permissions,
    permissionEnabled: true,
    services: [],
    logger: mockServices.logger.mock(),
    ...options,
  });
}

/** Answers each question with the same. */
function policySays(decision: PolicyDecision) {
  permissions.authorizeConditional.mockImplementation(async asked =>
    asked.map(() => decision),
  );
}

/** Asks for clusters and objects alike. */
function allows(
  access: PermissionsAccessControl,
  permission: ClusterPermission | K8sResourcePermission,
  context: RequestContext,
) {
  return permission.resourceType === 'k8s-cluster'
    ? access.allowsCluster(permission as ClusterPermission, EU, context)
    : access.allowsResource(
        permission as K8sResourcePermission,
        toResourceReference(EU, { ...DEPLOYMENT, name: 'payments' }),
        context,
      );
}

beforeEach(() => {
  jest.resetAllMocks();
  jest.useRealTimers();
});

describe('users', () => {
  it('may nothing when the policy says so', async () => {
    policySays({ result: AuthorizeResult.DENY });
    const access = accessWith();
    for (const permission of k8sPermissions) {
      expect(await allows(access, permission, requestContext())).toBe(false);
    }
    expect(
      await access.filter(k8sResourceReadPermission, EU, requestContext()),
    ).toEqual({ cluster: EU, criteria: 'none' });
  });

  it('may nothing while the policy does not answer, and are asked for again', async () => {
    permissions.authorizeConditional.mockRejectedValueOnce(new Error('away'));
    const access = accessWith();
    const ask = () =>
      allows(access, k8sClusterReadPermission, requestContext());
    await expect(ask()).rejects.toThrow('away');
    policySays({ result: AuthorizeResult.ALLOW });
    expect(await ask()).toBe(true);
  });

  it('are asked for the rights of reading in one question', async () => {
    permissions.authorizeConditional.mockResolvedValue([
      { result: AuthorizeResult.ALLOW },
      { result: AuthorizeResult.DENY },
      { result: AuthorizeResult.ALLOW },
    ]);
    const access = accessWith();
    const context = requestContext();
    expect(await allows(access, k8sClusterReadPermission, context)).toBe(true);
    expect(await allows(access, k8sResourceReadPermission, context)).toBe(
      false,
    );
    expect(await access.readsWholeCatalog(context)).toBe(true);
    expect(permissions.authorizeConditional.mock.calls).toEqual([
      [
        [
          { permission: k8sClusterReadPermission },
          { permission: k8sResourceReadPermission },
          { permission: catalogEntityReadPermission },
        ],
        { credentials: context.credentials },
      ],
    ]);
  });

  it('are asked for anew by who does not take an older decision', async () => {
    const answer = (result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) =>
      policySays({ result });
    answer(AuthorizeResult.ALLOW);
    const access = accessWith();
    const context = requestContext();
    const ask = (more?: Partial<RequestContext>) =>
      allows(access, k8sResourceReadPermission, { ...context, ...more });
    expect(await ask()).toBe(true);
    answer(AuthorizeResult.DENY);
    expect(await ask()).toBe(true);
    expect(await ask({ rights: { since: -Infinity } })).toBe(true);
    expect(await ask({ rights: { since: performance.now() } })).toBe(false);
    expect(await ask()).toBe(false);
  });

  it('go on reading for a while when the policy stops answering, but change nothing', async () => {
    jest.useFakeTimers();
    policySays({ result: AuthorizeResult.ALLOW });
    const access = accessWith();
    const context = requestContext();
    await allows(access, k8sResourceReadPermission, context);
    await allows(access, k8sResourceUpdatePermission, context);
    for (const away of [
      () => Promise.reject(new Error('away')),
      () => new Promise<never>(() => {}),
    ]) {
      permissions.authorizeConditional.mockImplementation(away);
      jest.advanceTimersByTime(REMEMBERED_MS);
      const read = allows(access, k8sResourceReadPermission, context);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await read).toBe(true);
    }
    permissions.authorizeConditional.mockRejectedValue(new Error('away'));
    await expect(
      allows(access, k8sResourceUpdatePermission, context),
    ).rejects.toThrow('away');
    jest.advanceTimersByTime(OUTAGE_MS);
    await expect(
      allows(access, k8sResourceReadPermission, context),
    ).rejects.toThrow('away');
    policySays({ result: AuthorizeResult.DENY });
    expect(await allows(access, k8sResourceReadPermission, context)).toBe(
      false,
    );
  });

  it('lose a right as soon as a slow policy says so', async () => {
    jest.useFakeTimers();
    const access = accessWith();
    const read = () =>
      allows(access, k8sResourceReadPermission, requestContext());
    policySays({ result: AuthorizeResult.ALLOW });
    expect(await read()).toBe(true);
    jest.advanceTimersByTime(REMEMBERED_MS);
    permissions.authorizeConditional.mockImplementation(async asked => {
      await new Promise(resolve => {
        setTimeout(resolve, 2_000);
      });
      return asked.map(() => ({ result: AuthorizeResult.DENY }));
    });
    const meanwhile = read();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await meanwhile).toBe(true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await read()).toBe(false);
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(2);
  });

  it('do not get a right back by an answer that is late', async () => {
    jest.useFakeTimers();
    const access = accessWith();
    const read = () =>
      allows(access, k8sResourceReadPermission, requestContext());
    policySays({ result: AuthorizeResult.ALLOW });
    await read();
    jest.advanceTimersByTime(REMEMBERED_MS);
    // Asked first, answered last.
    permissions.authorizeConditional.mockImplementation(async asked => {
      await new Promise(resolve => {
        setTimeout(resolve, 2 * REMEMBERED_MS);
      });
      return asked.map(() => ({ result: AuthorizeResult.ALLOW }));
    });
    const slow = read();
    await jest.advanceTimersByTimeAsync(REMEMBERED_MS);
    await slow;
    policySays({ result: AuthorizeResult.DENY });
    expect(await read()).toBe(false);
    await jest.advanceTimersByTimeAsync(REMEMBERED_MS);
    permissions.authorizeConditional.mockRejectedValue(new Error('away'));
    expect(await read()).toBe(false);
  });

  it.each([
    [AuthorizeResult.ALLOW, true],
    [AuthorizeResult.DENY, false],
    [AuthorizeResult.CONDITIONAL, false],
  ])('read the whole catalog when the policy says %s', async (result, all) => {
    policySays({ result, conditions: {} } as PolicyDecision);
    expect(await accessWith().readsWholeCatalog(requestContext())).toBe(all);
  });

  it('have conditions applied to what does not exist yet', async () => {
    const { conditions } = k8sResourceConditions;
    policySays({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'k8s',
      resourceType: 'k8s-resource',
      conditions: {
        allOf: [
          conditions.hasClusterLabel({ label: 'region', value: 'eu' }),
          { not: conditions.isNamespace({ namespaces: ['secret'] }) },
          {
            anyOf: [
              conditions.isCategory({ categories: ['workload'] }),
              conditions.isResourceType({ types: ['services'] }),
            ],
          },
        ],
      },
    });
    const access = accessWith();
    const create = (cluster: typeof EU, plural: string, namespace: string) =>
      access.allowsResource(
        k8sResourceCreatePermission,
        toResourceReference(cluster, {
          group: plural === 'deployments' ? 'apps' : '',
          plural,
          namespace,
          name: 'new',
        }),
        requestContext(),
      );
    expect(await create(EU, 'deployments', 'shop')).toBe(true);
    expect(await create(EU, 'services', 'shop')).toBe(true);
    expect(await create(EU, 'configmaps', 'shop')).toBe(false);
    expect(await create(EU, 'deployments', 'secret')).toBe(false);
    expect(await create(US, 'deployments', 'shop')).toBe(false);
  });

  it.each([
    { rule: 'IS_UNKNOWN', resourceType: 'k8s-resource', params: {} },
    { rule: 'IS_CLUSTER', resourceType: 'k8s-resource', params: {} },
  ])('are refused what a broken policy says: %o', async conditions => {
    policySays({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'k8s',
      resourceType: 'k8s-resource',
      conditions,
    });
    await expect(
      allows(accessWith(), k8sResourceReadPermission, requestContext()),
    ).rejects.toThrow('policy');
  });

  it('are asked for once in a while, each and for each permission', async () => {
    jest.useFakeTimers();
    policySays({ result: AuthorizeResult.ALLOW });
    const access = accessWith();
    const jane = requestContext();
    await Promise.all(
      Array.from({ length: 10 }, () =>
        allows(access, k8sClusterReadPermission, jane),
      ),
    );
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
    await allows(access, k8sClusterUpdatePermission, jane);
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(2);
    await allows(
      access,
      k8sClusterReadPermission,
      requestContext({ user: 'user:default/joe' }),
    );
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(3);
    policySays({ result: AuthorizeResult.DENY });
    jest.advanceTimersByTime(REMEMBERED_MS);
    expect(await allows(access, k8sClusterReadPermission, jane)).toBe(false);
  });

  it('are told the least role for what they may not', () => {
    const access = accessWith();
    const context = requestContext();
    expect(
      access.refusal(
        k8sResourceUpdatePermission,
        toResourceReference(EU, { ...DEPLOYMENT, name: 'payments' }),
        context,
      ),
    ).toBe(
      'This needs the role K8sOperator in the namespace "shop" of the cluster "dev-eu"',
    );
    expect(
      access.refusal(
        k8sResourceUpdatePermission,
        toResourceReference(EU, { ...DEPLOYMENT, namespace: 'kube-system' }),
        context,
      ),
    ).toContain('K8sAdmin');
    expect(access.refusal(k8sClusterUpdatePermission, EU, context)).toBe(
      'This needs the role K8sAdmin on the cluster "dev-eu"',
    );
  });
});

describe('without permission.enabled', () => {
  const access = accessWith({ permissionEnabled: false });

  it('everybody reads like a K8sViewer', async () => {
    const context = requestContext();
    expect(await allows(access, k8sClusterReadPermission, context)).toBe(true);
    expect(await allows(access, k8sResourceReadPermission, context)).toBe(true);
    expect(await allows(access, k8sAuditReadPermission, context)).toBe(false);
    expect(await access.readsWholeCatalog(context)).toBe(true);
    expect(permissions.authorizeConditional).not.toHaveBeenCalled();
  });

  it.each(CHANGES)('nobody has $name', async permission => {
    const context = requestContext();
    expect(await allows(access, permission, context)).toBe(false);
    expect(access.refusal(permission, EU, context)).toContain(
      '`permission.enabled`',
    );
  });

  it('services that are listed read, whatever their role', async () => {
    const listed = accessWith({
      permissionEnabled: false,
      services: [{ subject: 'external:ci', role: 'K8sAdmin' }],
    });
    const context = serviceContext('external:ci');
    expect(await allows(listed, k8sClusterReadPermission, context)).toBe(true);
    expect(await allows(listed, k8sAuditReadPermission, context)).toBe(false);
    expect(await allows(listed, k8sClusterUpdatePermission, context)).toBe(
      false,
    );
  });
});

describe('services', () => {
  it('read of the catalog what the catalog lets them', async () => {
    const context = serviceContext('external:ci');
    expect(await accessWith().readsWholeCatalog(context)).toBe(false);
  });

  it('that are not listed may nothing', async () => {
    const access = accessWith({
      services: [{ subject: 'external:other', role: 'K8sAdmin' }],
    });
    for (const permission of k8sPermissions) {
      const context = serviceContext('external:ci');
      expect(await allows(access, permission, context)).toBe(false);
      expect(access.refusal(permission, EU, context)).toContain(
        '`k8s.permission.services`',
      );
    }
    expect(permissions.authorizeConditional).not.toHaveBeenCalled();
  });

  it.each(['K8sViewer', 'K8sOperator', 'K8sAdmin'] as const)(
    'have what %s has, for every kind and permission',
    async role => {
      const access = accessWith({
        services: [{ subject: 'external:ci', role }],
      });
      const context = serviceContext('external:ci');
      for (const [name, grants] of Object.entries(ROLE_GRANTS)) {
        const permission = k8sPermissions.find(one => one.name === name)!;
        const grant = grants[role];
        const answers = await Promise.all(
          KINDS.map(kind =>
            permission.resourceType === 'k8s-cluster'
              ? allows(access, permission, context)
              : access.allowsResource(
                  permission as K8sResourcePermission,
                  toResourceReference(EU, kind),
                  context,
                ),
          ),
        );
        expect(answers).toEqual(
          KINDS.map(kind => grantCovers(grant, categoryOf(kind))),
        );
      }
    },
  );

  it('are kept to the clusters with their labels, also to register', async () => {
    const access = accessWith({
      services: [
        {
          subject: 'external:ci',
          role: 'K8sAdmin',
          matchLabels: { region: 'eu' },
        },
      ],
    });
    const context = serviceContext('external:ci');
    const permission = k8sClusterRegisterPermission;
    expect(await access.allowsCluster(permission, EU, context)).toBe(true);
    expect(await access.allowsCluster(permission, US, context)).toBe(false);
    expect(await access.allowsEveryCluster(permission, context)).toBe(false);
    expect(await access.allowsSomeCluster(permission, context)).toBe(true);
    const other = serviceContext('external:other');
    expect(await access.allowsSomeCluster(permission, other)).toBe(false);
  });

  it('with a restricted token have no more than it leaves them', async () => {
    const access = accessWith({
      services: [{ subject: 'external:ci', role: 'K8sAdmin' }],
    });
    const reading = serviceContext('external:ci', {
      permissionAttributes: { action: ['read'] },
    });
    expect(await allows(access, k8sClusterReadPermission, reading)).toBe(true);
    for (const permission of CHANGES) {
      expect(await allows(access, permission, reading)).toBe(false);
      expect(access.refusal(permission, EU, reading)).toContain('restricted');
    }
    const named = serviceContext('external:ci', {
      permissionNames: ['k8s.cluster.read'],
    });
    expect(await allows(access, k8sClusterReadPermission, named)).toBe(true);
    expect(await allows(access, k8sResourceReadPermission, named)).toBe(false);
    expect(
      await access.filter(k8sResourceReadPermission, EU, named),
    ).toMatchObject({ criteria: 'none' });
  });
});

it('nobody without a token may anything', async () => {
  const context = requestContext({
    principal: { type: 'anonymous', ref: 'anonymous' },
  });
  for (const permissionEnabled of [true, false]) {
    const access = accessWith({ permissionEnabled });
    for (const permission of k8sPermissions) {
      expect(await allows(access, permission, context)).toBe(false);
    }
  }
});
