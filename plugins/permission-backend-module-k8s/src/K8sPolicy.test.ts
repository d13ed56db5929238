import {
  k8sClusterDeletePermission,
  k8sClusterPermissions,
  k8sClusterReadPermission,
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
  k8sAuditReadPermission,
  k8sLogsReadPermission,
  k8sPermissions,
  k8sResourceCreatePermission,
  k8sResourceDeletePermission,
  k8sResourcePermissions,
  k8sResourceReadPermission,
  k8sResourceUpdatePermission,
  k8sTerminalOpenPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterPermission,
  ClusterReference,
  K8sResourcePermission,
  K8sRole,
  ResourceCategory,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import {
  k8sClusterRules,
  k8sResourceRules,
} from '@backstage-k8s/plugin-k8s-node';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { K8sPolicy } from './K8sPolicy';
import type { RoleBinding } from './RoleBinding';

const REF = 'user:default/jane';

const jane = (ownershipEntityRefs = [REF]): PolicyQueryUser => ({
  credentials: mockCredentials.user(REF),
  info: { userEntityRef: REF, ownershipEntityRefs },
});

const binding = (
  role: K8sRole,
  limits: Partial<RoleBinding> = {},
): RoleBinding => ({ role, users: [REF], groups: [], ...limits });

const devEu: ClusterReference = {
  id: 'dev-eu',
  name: 'dev-eu',
  labels: { environment: 'development', region: 'eu' },
  owner: REF,
};
const prodUs: ClusterReference = {
  id: 'prod-us',
  name: 'prod-us',
  labels: { environment: 'production', region: 'us' },
  owner: 'group:default/platform',
};
const unowned: ClusterReference = { name: 'new', labels: {} };

const inCluster = (
  cluster: ClusterReference,
  parts: Partial<ResourceReference> = {},
): ResourceReference => ({
  cluster,
  group: 'apps',
  plural: 'deployments',
  namespace: 'shop',
  name: 'payments',
  category: 'workload',
  ...parts,
});

const decidesForClusters = createConditionAuthorizer(
  Object.values(k8sClusterRules),
);
const decidesForResources = createConditionAuthorizer(
  Object.values(k8sResourceRules),
);

/** Whether Jane may, by the policy and, where it says so, by the rules of the back end. */
async function may(
  bindings: RoleBinding[],
  ...[permission, subject]:
    | [ClusterPermission, ClusterReference]
    | [K8sResourcePermission, ResourceReference]
): Promise<boolean> {
  const decision = await new K8sPolicy({ bindings }).handle(
    { permission },
    jane(),
  );
  return 'cluster' in subject
    ? decidesForResources(decision, subject)
    : decidesForClusters(decision, subject);
}

// The tables of the specification, written down once more on purpose: the policy takes them from the role table.
const ROLES: K8sRole[] = [
  'K8sViewer',
  'K8sOperator',
  'K8sAdmin',
  'K8sClusterOwner',
];
const CLUSTER_ROWS: [ClusterPermission, K8sRole[]][] = [
  [k8sClusterReadPermission, ROLES],
  [k8sClusterRegisterPermission, ['K8sAdmin']],
  [k8sClusterUpdatePermission, ['K8sAdmin', 'K8sClusterOwner']],
  [k8sClusterDeletePermission, ['K8sAdmin', 'K8sClusterOwner']],
  [k8sAuditReadPermission, ['K8sAdmin', 'K8sClusterOwner']],
];
const CHANGERS: Record<ResourceCategory, K8sRole[]> = {
  workload: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  network: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  storage: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  configuration: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  autoscaling: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  namespace: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  custom: ['K8sOperator', 'K8sAdmin', 'K8sClusterOwner'],
  access: ['K8sAdmin', 'K8sClusterOwner'],
  policy: ['K8sAdmin', 'K8sClusterOwner'],
  cluster: ['K8sAdmin', 'K8sClusterOwner'],
  system: ['K8sAdmin', 'K8sClusterOwner'],
};
const CHANGES = [
  k8sResourceCreatePermission,
  k8sResourceUpdatePermission,
  k8sResourceDeletePermission,
];

it('has a row for every permission', () => {
  expect(CLUSTER_ROWS.map(([permission]) => permission)).toEqual(
    k8sClusterPermissions,
  );
  expect([
    ...[k8sResourceReadPermission, ...CHANGES],
    ...[k8sLogsReadPermission, k8sTerminalOpenPermission],
  ]).toEqual(k8sResourcePermissions);
});

describe.each(ROLES)('%s', role => {
  const bindings = [binding(role)];

  it.each(CLUSTER_ROWS)('$name on a cluster', async (permission, allowed) => {
    await expect(may(bindings, permission, devEu)).resolves.toBe(
      allowed.includes(role),
    );
  });

  it.each(Object.entries(CHANGERS))('changes %s', async (category, allowed) => {
    const object = inCluster(devEu, { category: category as ResourceCategory });
    for (const permission of CHANGES) {
      await expect(may(bindings, permission, object)).resolves.toBe(
        allowed.includes(role),
      );
    }
  });

  it.each(Object.keys(CHANGERS))('sees %s', async category => {
    const object = inCluster(devEu, { category: category as ResourceCategory });
    for (const permission of [
      k8sResourceReadPermission,
      k8sLogsReadPermission,
    ]) {
      await expect(may(bindings, permission, object)).resolves.toBe(true);
    }
  });

  it.each(Object.entries(CHANGERS))(
    'opens terminals in %s',
    async (category, changers) => {
      const object = inCluster(devEu, {
        category: category as ResourceCategory,
      });
      const permission = k8sTerminalOpenPermission;
      const always = role === 'K8sAdmin' || role === 'K8sClusterOwner';
      await expect(may(bindings, permission, object)).resolves.toBe(always);
      const saying = [binding(role, { options: ['terminal'] })];
      await expect(may(saying, permission, object)).resolves.toBe(
        changers.includes(role),
      );
    },
  );
});

describe('decisions', () => {
  const decide = (bindings: RoleBinding[], name: string, user = jane()) =>
    new K8sPolicy({ bindings }).handle(
      { permission: createPermission({ name, attributes: {} }) },
      user,
    );

  it.each(k8sPermissions.map(({ name }) => [name]))(
    '%s is denied without a binding, to services and to nobody',
    async name => {
      const denied = { result: AuthorizeResult.DENY };
      await expect(decide([], name)).resolves.toEqual(denied);
      const others = [
        binding('K8sAdmin', {
          users: ['user:default/joe'],
          groups: ['group:default/others'],
        }),
      ];
      await expect(decide(others, name)).resolves.toEqual(denied);
      const policy = new K8sPolicy({ bindings: [binding('K8sAdmin')] });
      const permission = createPermission({ name, attributes: {} });
      await expect(policy.handle({ permission })).resolves.toEqual(denied);
    },
  );

  it.each(k8sPermissions.map(({ name }) => [name]))(
    '%s is allowed to an unlimited K8sAdmin, whatever other bindings say',
    async name => {
      const bindings = [
        binding('K8sClusterOwner'),
        binding('K8sAdmin'),
        binding('K8sViewer', { matchLabels: { region: 'eu' } }),
      ];
      await expect(decide(bindings, name)).resolves.toEqual({
        result: AuthorizeResult.ALLOW,
      });
    },
  );

  it('denies a permission of the suite that it does not know', async () => {
    await expect(
      decide([binding('K8sAdmin')], 'k8s.secret.read'),
    ).resolves.toEqual({ result: AuthorizeResult.DENY });
  });

  it('puts all conditions into one decision', async () => {
    const bindings = [
      binding('K8sOperator', {
        matchLabels: { environment: 'staging', region: 'eu' },
        namespaces: ['shop'],
      }),
      binding('K8sClusterOwner'),
    ];
    await expect(decide(bindings, 'k8s.resource.update')).resolves.toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'k8s',
      resourceType: 'k8s-resource',
      conditions: {
        anyOf: [
          {
            allOf: [
              {
                rule: 'HAS_CLUSTER_LABEL',
                resourceType: 'k8s-resource',
                params: { label: 'environment', value: 'staging' },
              },
              {
                rule: 'HAS_CLUSTER_LABEL',
                resourceType: 'k8s-resource',
                params: { label: 'region', value: 'eu' },
              },
              {
                rule: 'IS_NAMESPACE',
                resourceType: 'k8s-resource',
                params: { namespaces: ['shop'] },
              },
              {
                rule: 'IS_CATEGORY',
                resourceType: 'k8s-resource',
                params: {
                  categories: [
                    'workload',
                    'network',
                    'storage',
                    'configuration',
                    'autoscaling',
                    'namespace',
                    'custom',
                  ],
                },
              },
            ],
          },
          {
            rule: 'IS_CLUSTER_OWNER',
            resourceType: 'k8s-resource',
            params: { claims: [REF] },
          },
        ],
      },
    });
  });

  it.each([
    ['by the user', { users: ['user:default/jane'], groups: [] }, true],
    ['by a group', { users: [], groups: ['group:default/platform'] }, true],
    [
      'not by a group as a user',
      { users: ['group:default/platform'], groups: [] },
      false,
    ],
    ['not by another', { users: ['user:other/jane'], groups: [] }, false],
  ])('gives a role %s', async (_, subjects, allowed) => {
    const user = jane(['USER:default/Jane', 'group:Default/Platform']);
    const decision = await decide(
      [binding('K8sViewer', subjects)],
      'k8s.cluster.read',
      user,
    );
    expect(decision.result).toBe(
      allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
    );
  });
});

describe('an owner', () => {
  const bindings = [binding('K8sClusterOwner')];

  it('has nothing of the clusters of others', async () => {
    for (const permission of k8sClusterPermissions) {
      await expect(may(bindings, permission, prodUs)).resolves.toBe(false);
      await expect(may(bindings, permission, unowned)).resolves.toBe(false);
    }
    for (const permission of k8sResourcePermissions) {
      const object = inCluster(prodUs);
      await expect(may(bindings, permission, object)).resolves.toBe(false);
    }
  });

  it('may not register, not even a cluster of their own', async () => {
    const own = { ...unowned, owner: REF };
    await expect(
      may(bindings, k8sClusterRegisterPermission, own),
    ).resolves.toBe(false);
  });

  it('owns as a group too, in any case', async () => {
    const policy = new K8sPolicy({ bindings });
    const decision = await policy.handle(
      { permission: k8sClusterDeletePermission },
      jane([REF, 'Group:default/PLATFORM']),
    );
    expect(decidesForClusters(decision, prodUs)).toBe(true);
    expect(decidesForClusters(decision, unowned)).toBe(false);
  });

  it('can be limited by label', async () => {
    const limited = [
      binding('K8sClusterOwner', { matchLabels: { region: 'us' } }),
    ];
    await expect(may(limited, k8sClusterDeletePermission, devEu)).resolves.toBe(
      false,
    );
    await expect(
      may(limited, k8sClusterDeletePermission, { ...prodUs, owner: REF }),
    ).resolves.toBe(true);
  });
});

describe('limits', () => {
  const staging = binding('K8sAdmin', {
    matchLabels: { environment: 'development', region: 'eu' },
  });

  it.each(k8sClusterPermissions)(
    'by label hold for $name',
    async permission => {
      await expect(may([staging], permission, devEu)).resolves.toBe(true);
      await expect(may([staging], permission, prodUs)).resolves.toBe(false);
      const half = { ...devEu, labels: { environment: 'development' } };
      await expect(may([staging], permission, half)).resolves.toBe(false);
    },
  );

  it.each(k8sResourcePermissions)(
    'by label hold for $name',
    async permission => {
      await expect(may([staging], permission, inCluster(devEu))).resolves.toBe(
        true,
      );
      await expect(may([staging], permission, inCluster(prodUs))).resolves.toBe(
        false,
      );
    },
  );

  const shop = [binding('K8sAdmin', { namespaces: ['shop', 'shop-test'] })];

  it.each(k8sResourcePermissions)(
    'by namespace hold for $name',
    async permission => {
      const allowed = (parts: Partial<ResourceReference>) =>
        may(shop, permission, inCluster(devEu, parts));
      const core = { group: '', namespace: undefined };
      await expect(allowed({})).resolves.toBe(true);
      await expect(allowed({ name: undefined })).resolves.toBe(true);
      await expect(allowed({ namespace: 'other' })).resolves.toBe(false);
      await expect(allowed({ namespace: undefined })).resolves.toBe(false);
      await expect(
        allowed({ ...core, plural: 'nodes', name: 'shop' }),
      ).resolves.toBe(false);
      await expect(
        allowed({ ...core, plural: 'namespaces', name: 'shop-test' }),
      ).resolves.toBe(true);
      await expect(
        allowed({ ...core, plural: 'namespaces', name: 'kube-system' }),
      ).resolves.toBe(false);
      await expect(
        allowed({ ...core, plural: 'namespaces', name: undefined }),
      ).resolves.toBe(false);
    },
  );

  it.each(k8sClusterPermissions)(
    'by namespace leave of $name only that clusters are seen',
    async permission => {
      await expect(may(shop, permission, devEu)).resolves.toBe(
        permission === k8sClusterReadPermission,
      );
    },
  );

  it('add up over bindings', async () => {
    const bindings = [
      binding('K8sViewer', { matchLabels: { region: 'us' } }),
      binding('K8sOperator', { namespaces: ['shop'] }),
    ];
    const other = { namespace: 'other' };
    await expect(
      may(bindings, k8sResourceReadPermission, inCluster(prodUs, other)),
    ).resolves.toBe(true);
    await expect(
      may(bindings, k8sResourceReadPermission, inCluster(devEu, other)),
    ).resolves.toBe(false);
    await expect(
      may(bindings, k8sResourceUpdatePermission, inCluster(prodUs, other)),
    ).resolves.toBe(false);
    await expect(
      may(bindings, k8sResourceUpdatePermission, inCluster(devEu)),
    ).resolves.toBe(true);
  });
});
