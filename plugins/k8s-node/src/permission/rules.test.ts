import {
  k8sClusterPermissions,
  k8sResourcePermissions,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterReference,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import request from 'supertest';
import { k8sClusterResourceRef, k8sResourceResourceRef } from './resourceRefs';
import {
  k8sClusterConditions,
  k8sClusterRules,
  k8sResourceConditions,
  k8sResourceRules,
} from './rules';

const cluster: ClusterReference = {
  id: 'dev-eu',
  name: 'dev-eu',
  labels: { environment: 'development', empty: '' },
  owner: 'group:default/platform',
};
const unregistered: ClusterReference = { name: 'dev-eu', labels: {} };
const resource: ResourceReference = {
  cluster,
  group: 'apps',
  plural: 'deployments',
  namespace: 'shop',
  name: 'payments',
  category: 'workload',
};

type Rules = typeof k8sResourceRules;
type Name = keyof Rules;
type Params<RuleName extends Name> = Parameters<Rules[RuleName]['apply']>[1];

/** Rows of a cluster rule: parameters, the cluster, whether it holds. */
type ClusterRow<RuleName extends Name> = [
  Params<RuleName>,
  ClusterReference,
  boolean,
];
type ResourceRow<RuleName extends Name> = [
  Params<RuleName>,
  Partial<ResourceReference>,
  boolean,
];

describe('the rules of clusters', () => {
  it.each<ClusterRow<'isCluster'>>([
    [{ clusters: ['dev-us', 'dev-eu'] }, cluster, true],
    [{ clusters: ['dev-us'] }, cluster, false],
    [{ clusters: [] }, cluster, false],
    [{ clusters: ['DEV-EU'] }, cluster, false],
    [{ clusters: ['dev-eu'] }, unregistered, false],
  ])('IS_CLUSTER %j', (params, subject, holds) => {
    expect(k8sClusterRules.isCluster.apply(subject, params)).toBe(holds);
    const inside = { ...resource, cluster: subject };
    expect(k8sResourceRules.isCluster.apply(inside, params)).toBe(holds);
  });

  it.each<ClusterRow<'isClusterOwner'>>([
    [{ claims: ['user:a/b', 'group:default/platform'] }, cluster, true],
    [{ claims: ['Group:Default/Platform'] }, cluster, true],
    [
      { claims: ['group:default/platform'] },
      { ...cluster, owner: 'GROUP:default/platform' },
      true,
    ],
    [{ claims: ['user:default/platform'] }, cluster, false],
    [{ claims: [] }, cluster, false],
    [{ claims: [''] }, unregistered, false],
    [{ claims: ['undefined'] }, unregistered, false],
  ])('IS_CLUSTER_OWNER %j', (params, subject, holds) => {
    expect(k8sClusterRules.isClusterOwner.apply(subject, params)).toBe(holds);
    const inside = { ...resource, cluster: subject };
    expect(k8sResourceRules.isClusterOwner.apply(inside, params)).toBe(holds);
  });

  it.each<ClusterRow<'hasClusterLabel'>>([
    [{ label: 'environment', value: 'development' }, cluster, true],
    [{ label: 'environment' }, cluster, true],
    [{ label: 'empty', value: '' }, cluster, true],
    [{ label: 'environment', value: '' }, cluster, false],
    [{ label: 'environment', value: 'Development' }, cluster, false],
    [{ label: 'region' }, cluster, false],
    [{ label: 'constructor' }, cluster, false],
    [{ label: '__proto__' }, cluster, false],
    [{ label: 'environment' }, unregistered, false],
  ])('HAS_CLUSTER_LABEL %j', (params, subject, holds) => {
    expect(k8sClusterRules.hasClusterLabel.apply(subject, params)).toBe(holds);
    const inside = { ...resource, cluster: subject };
    expect(k8sResourceRules.hasClusterLabel.apply(inside, params)).toBe(holds);
  });
});

describe('the rules of what is in clusters', () => {
  const namespaceKind = { group: '', plural: 'namespaces' };

  it.each<ResourceRow<'isNamespace'>>([
    [{ namespaces: ['other', 'shop'] }, {}, true],
    [{ namespaces: ['shop'] }, { name: undefined }, true],
    [{ namespaces: ['other'] }, {}, false],
    [{ namespaces: ['shop'] }, { namespace: undefined }, false],
    [{ namespaces: ['payments'] }, { namespace: undefined }, false],
    [
      { namespaces: ['shop'] },
      { ...namespaceKind, namespace: undefined, name: 'shop' },
      true,
    ],
    [
      { namespaces: ['shop'] },
      { ...namespaceKind, namespace: 'shop', name: 'kube-system' },
      false,
    ],
    [
      { namespaces: ['shop'] },
      { ...namespaceKind, namespace: undefined, name: undefined },
      false,
    ],
    [
      { namespaces: ['shop'] },
      {
        group: 'example.com',
        plural: 'namespaces',
        namespace: undefined,
        name: 'shop',
      },
      false,
    ],
  ])('IS_NAMESPACE %j of %j', (params, parts, holds) => {
    const subject = { ...resource, ...parts };
    expect(k8sResourceRules.isNamespace.apply(subject, params)).toBe(holds);
  });

  it.each<ResourceRow<'isResourceType'>>([
    [{ types: ['pods', 'deployments.apps'] }, {}, true],
    [{ types: ['deployments'] }, {}, false],
    [{ types: ['deployments.example.com'] }, {}, false],
    [{ types: ['pods'] }, { group: '', plural: 'pods' }, true],
    [{ types: ['pods.'] }, { group: '', plural: 'pods' }, false],
    [{ types: [] }, {}, false],
  ])('IS_RESOURCE_TYPE %j of %j', (params, parts, holds) => {
    const subject = { ...resource, ...parts };
    expect(k8sResourceRules.isResourceType.apply(subject, params)).toBe(holds);
  });

  it.each<ResourceRow<'isCategory'>>([
    [{ categories: ['network', 'workload'] }, {}, true],
    [{ categories: ['network'] }, {}, false],
    [{ categories: [] }, {}, false],
    [{ categories: ['workload'] }, { category: 'system' }, false],
  ])('IS_CATEGORY %j of %j', (params, parts, holds) => {
    const subject = { ...resource, ...parts };
    expect(k8sResourceRules.isCategory.apply(subject, params)).toBe(holds);
  });
});

it('makes decisions that the rules of the same name take', () => {
  const { conditions, createConditionalDecision } = k8sResourceConditions;
  const decision = createConditionalDecision(k8sResourcePermissions[0], {
    allOf: [
      conditions.isClusterOwner({ claims: ['group:default/platform'] }),
      { not: conditions.isNamespace({ namespaces: ['kube-system'] }) },
    ],
  });
  const decides = createConditionAuthorizer(Object.values(k8sResourceRules));
  expect(decides(decision, resource)).toBe(true);
  expect(decides(decision, { ...resource, namespace: 'kube-system' })).toBe(
    false,
  );
  expect(decides(decision, undefined)).toBe(false);
});

it('refuses parameters that the rule does not have', () => {
  const { conditions, createConditionalDecision } = k8sClusterConditions;
  const decision = createConditionalDecision(
    k8sClusterPermissions[0],
    conditions.isCluster({ clusters: 'dev-eu' as unknown as string[] }),
  );
  const decides = createConditionAuthorizer(Object.values(k8sClusterRules));
  expect(() => decides(decision, cluster)).toThrow(/Parameters.*invalid/i);
});

it('translates conditions to the rule and its parameters', () => {
  const transform = createConditionTransformer(Object.values(k8sClusterRules));
  const { isCluster } = k8sClusterConditions.conditions;
  expect(transform({ not: isCluster({ clusters: ['dev-eu'] }) })).toEqual({
    not: { rule: 'IS_CLUSTER', params: { clusters: ['dev-eu'] } },
  });
});

it('can be registered, and applied by the back end', async () => {
  const plugin = createBackendPlugin({
    pluginId: 'k8s',
    register(registration) {
      registration.registerInit({
        deps: { registry: coreServices.permissionsRegistry },
        async init({ registry }) {
          registry.addResourceType({
            resourceRef: k8sClusterResourceRef,
            permissions: [...k8sClusterPermissions],
            rules: Object.values(k8sClusterRules),
            getResources: async references => references.map(() => cluster),
          });
          registry.addResourceType({
            resourceRef: k8sResourceResourceRef,
            permissions: [...k8sResourcePermissions],
            rules: Object.values(k8sResourceRules),
            getResources: async references => references.map(() => resource),
          });
        },
      });
    },
  });
  const { server } = await startTestBackend({ features: [plugin] });
  const base = '/api/k8s/.well-known/backstage/permissions';
  const metadata = await request(server).get(`${base}/metadata`);
  const names = metadata.body.rules.map(
    (rule: { resourceType: string; name: string }) =>
      `${rule.resourceType} ${rule.name}`,
  );
  expect(names.sort()).toEqual([
    'k8s-cluster HAS_CLUSTER_LABEL',
    'k8s-cluster IS_CLUSTER',
    'k8s-cluster IS_CLUSTER_OWNER',
    'k8s-resource HAS_CLUSTER_LABEL',
    'k8s-resource IS_CATEGORY',
    'k8s-resource IS_CLUSTER',
    'k8s-resource IS_CLUSTER_OWNER',
    'k8s-resource IS_NAMESPACE',
    'k8s-resource IS_RESOURCE_TYPE',
  ]);
  const [rule] = metadata.body.rules;
  expect(rule.paramsSchema).toMatchObject({ type: 'object' });

  const { isCategory } = k8sResourceConditions.conditions;
  const item = (id: string, category: string) => ({
    id,
    resourceRef: 'any',
    resourceType: 'k8s-resource',
    conditions: isCategory({ categories: [category] }),
  });
  const applied = await request(server)
    .post(`${base}/apply-conditions`)
    .set('Authorization', mockCredentials.service.header())
    .send({ items: [item('1', 'workload'), item('2', 'network')] });
  expect(applied.body.items).toEqual([
    { id: '1', result: 'ALLOW' },
    { id: '2', result: 'DENY' },
  ]);
});
