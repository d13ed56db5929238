export {
  k8sClusterResourceRef,
  k8sResourceResourceRef,
  type RulePredicate,
} from './resourceRefs';
export {
  k8sClusterConditions,
  k8sClusterRules,
  k8sResourceConditions,
  k8sResourceRules,
} from './rules';
