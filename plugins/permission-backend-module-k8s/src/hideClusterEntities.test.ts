import { mockCredentials } from '@backstage/backend-test-utils';
import {
  catalogEntityCreatePermission,
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
} from '@backstage/plugin-catalog-common/alpha';
import { catalogConditions } from '@backstage/plugin-catalog-backend/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { K8sPolicy } from './K8sPolicy';
import type { RoleBinding } from './RoleBinding';

const REF = 'user:default/jane';
const user = {
  credentials: mockCredentials.user(REF),
  info: { userEntityRef: REF, ownershipEntityRefs: ['User:default/Jane'] },
};

const decide = (options: {
  bindings: Partial<RoleBinding>[];
  otherwise?: PolicyDecision;
  permission?: Permission;
  anonymous?: boolean;
}) => {
  const policy = new K8sPolicy({
    bindings: options.bindings.map(limits => ({
      role: 'K8sViewer',
      users: [REF],
      groups: [],
      ...limits,
    })),
    delegate: options.otherwise && {
      handle: async () => options.otherwise as PolicyDecision,
    },
  });
  const permission = options.permission ?? catalogEntityReadPermission;
  return policy.handle({ permission }, options.anonymous ? undefined : user);
};

const isNoCluster = {
  not: catalogConditions.hasAnnotation({
    annotation: 'backstage-k8s.io/cluster-id',
  }),
};
const narrowedTo = (conditions: unknown) => ({
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions,
});
const allowed = { result: AuthorizeResult.ALLOW };
const denied = { result: AuthorizeResult.DENY } as const;

it.each(['K8sViewer', 'K8sOperator', 'K8sAdmin'] as const)(
  'shows %s all entities',
  async role => {
    await expect(decide({ bindings: [{ role }] })).resolves.toEqual(allowed);
  },
);

it('hides every cluster from who has no binding or is nobody', async () => {
  const all = narrowedTo(isNoCluster);
  await expect(decide({ bindings: [] })).resolves.toEqual(all);
  await expect(decide({ bindings: [{}], anonymous: true })).resolves.toEqual(
    all,
  );
});

it('shows an owner the clusters that they own, not those that nobody owns and whose entity is theirs', async () => {
  await expect(
    decide({ bindings: [{ role: 'K8sClusterOwner' }] }),
  ).resolves.toEqual(
    narrowedTo({
      anyOf: [
        isNoCluster,
        {
          allOf: [
            catalogConditions.hasAnnotation({
              annotation: 'backstage-k8s.io/cluster-owner',
            }),
            catalogConditions.isEntityOwner({ claims: [REF] }),
          ],
        },
      ],
    }),
  );
});

it('shows the clusters of each binding by their labels', async () => {
  await expect(
    decide({
      bindings: [
        { matchLabels: { environment: 'staging', region: 'eu' } },
        { matchLabels: { region: 'us' }, namespaces: ['shop'] },
      ],
    }),
  ).resolves.toEqual(
    narrowedTo({
      anyOf: [
        isNoCluster,
        {
          anyOf: [
            {
              allOf: [
                catalogConditions.hasLabel({
                  label: 'environment',
                  value: 'staging',
                }),
                catalogConditions.hasLabel({ label: 'region', value: 'eu' }),
              ],
            },
            catalogConditions.hasLabel({ label: 'region', value: 'us' }),
          ],
        },
      ],
    }),
  );
});

it('narrows what the delegate decides and never widens it', async () => {
  const owned = catalogConditions.isEntityOwner({ claims: ['group:a/b'] });
  const otherwise = {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: owned,
  } as const;
  await expect(decide({ bindings: [], otherwise })).resolves.toEqual(
    narrowedTo({ allOf: [owned, isNoCluster] }),
  );
  await expect(decide({ bindings: [{}], otherwise })).resolves.toEqual(
    otherwise,
  );
  await expect(decide({ bindings: [], otherwise: denied })).resolves.toEqual(
    denied,
  );
  await expect(decide({ bindings: [{}], otherwise: denied })).resolves.toEqual(
    denied,
  );
});

it('hides clusters from every permission on entities, and leaves others alone', async () => {
  await expect(
    decide({ bindings: [], permission: catalogEntityDeletePermission }),
  ).resolves.toEqual(narrowedTo(isNoCluster));
  await expect(
    decide({ bindings: [], permission: catalogEntityCreatePermission }),
  ).resolves.toEqual(allowed);
  await expect(
    decide({
      bindings: [],
      permission: catalogEntityCreatePermission,
      otherwise: denied,
    }),
  ).resolves.toEqual(denied);
});
