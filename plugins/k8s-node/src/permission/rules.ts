/**
 * The permission rules of clusters and of what is in them, and the conditions that other policies make from them. A rule
 * reads the reference only, so that it works for what does not exist yet.
 */
import { createConditionExports } from '@backstage/plugin-permission-node';
import { createRuleFactory } from './createRuleFactory';
import { k8sClusterResourceRef, k8sResourceResourceRef } from './resourceRefs';
import * as definitions from './ruleDefinitions';

const clusterRule = createRuleFactory(
  k8sClusterResourceRef,
  cluster => cluster,
);
const ofClusterRule = createRuleFactory(
  k8sResourceResourceRef,
  resource => resource.cluster,
);
const resourceRule = createRuleFactory(
  k8sResourceResourceRef,
  resource => resource,
);

/** Rules of the resource type `k8s-cluster`. @public */
export const k8sClusterRules = {
  isCluster: clusterRule(definitions.isCluster),
  isClusterOwner: clusterRule(definitions.isClusterOwner),
  hasClusterLabel: clusterRule(definitions.hasClusterLabel),
};

/** Rules of the resource type `k8s-resource`. @public */
export const k8sResourceRules = {
  isCluster: ofClusterRule(definitions.isCluster),
  isClusterOwner: ofClusterRule(definitions.isClusterOwner),
  hasClusterLabel: ofClusterRule(definitions.hasClusterLabel),
  isNamespace: resourceRule(definitions.isNamespace),
  isResourceType: resourceRule(definitions.isResourceType),
  isCategory: resourceRule(definitions.isCategory),
};

/** Makes conditions on clusters, e.g. `conditions.isCluster({clusters: ['…']})`, and decisions of them. @public */
export const k8sClusterConditions = createConditionExports({
  resourceRef: k8sClusterResourceRef,
  rules: k8sClusterRules,
});

/** Makes conditions on what is in clusters, and decisions of them. @public */
export const k8sResourceConditions = createConditionExports({
  resourceRef: k8sResourceResourceRef,
  rules: k8sResourceRules,
});
