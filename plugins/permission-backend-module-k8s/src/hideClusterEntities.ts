import {
  ANNOTATION_CLUSTER_ID,
  ANNOTATION_CLUSTER_OWNER,
} from '@backstage-k8s/plugin-k8s-common';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';

type Criteria = PermissionCriteria<PermissionCondition>;

const catalogCondition = (
  rule: string,
  params: PermissionCondition['params'],
): PermissionCondition => ({
  rule,
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
  params,
});

const hasAnnotation = (annotation: string) =>
  catalogCondition('HAS_ANNOTATION', { annotation });

const isNoCluster: Criteria = { not: hasAnnotation(ANNOTATION_CLUSTER_ID) };

/** The criteria by which the catalog says the same of a cluster's entity, for each rule that the roles are made of. */
const CATALOG_CRITERIA: Readonly<
  Record<string, (params: PermissionCondition['params']) => Criteria>
> = {
  // An entity has an owner also when its cluster has none.
  IS_CLUSTER_OWNER: params => ({
    allOf: [
      hasAnnotation(ANNOTATION_CLUSTER_OWNER),
      catalogCondition('IS_ENTITY_OWNER', params),
    ],
  }),
  HAS_CLUSTER_LABEL: params => catalogCondition('HAS_LABEL', params),
};

/** Criteria about clusters as criteria about their entities. @throws Error for a rule that the catalog has none for. */
function ofEntities(criteria: Criteria): Criteria {
  if (isAndCriteria(criteria)) {
    const [first, ...rest] = criteria.allOf;
    return { allOf: [ofEntities(first), ...rest.map(ofEntities)] };
  }
  if (isOrCriteria(criteria)) {
    const [first, ...rest] = criteria.anyOf;
    return { anyOf: [ofEntities(first), ...rest.map(ofEntities)] };
  }
  if (isNotCriteria(criteria)) return { not: ofEntities(criteria.not) };
  const translate = CATALOG_CRITERIA[criteria.rule];
  if (!translate) {
    throw new Error(`The catalog has no rule for ${criteria.rule}`);
  }
  return translate(criteria.params);
}

/**
 * A decision about catalog entities, narrowed so that entities of clusters are hidden with the clusters.
 *
 * @param decision - what is allowed otherwise
 * @param clusters - which clusters may be seen
 */
export function hideClusterEntities(
  decision: PolicyDecision,
  clusters: PolicyDecision,
): PolicyDecision {
  if (
    decision.result === AuthorizeResult.DENY ||
    clusters.result === AuthorizeResult.ALLOW
  )
    return decision;
  const visible: Criteria =
    clusters.result === AuthorizeResult.CONDITIONAL
      ? { anyOf: [isNoCluster, ofEntities(clusters.conditions)] }
      : isNoCluster;
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
    conditions:
      decision.result === AuthorizeResult.CONDITIONAL
        ? { allOf: [decision.conditions, visible] }
        : visible,
  };
}
