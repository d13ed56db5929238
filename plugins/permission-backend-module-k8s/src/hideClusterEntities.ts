import { ANNOTATION_CLUSTER_ID } from '@backstage-k8s/plugin-k8s-common';
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

const isNoCluster: Criteria = {
  not: catalogCondition('HAS_ANNOTATION', {
    annotation: ANNOTATION_CLUSTER_ID,
  }),
};

/** The catalog's rule that says the same of a cluster's entity, with the same parameters. */
const CATALOG_RULES: Readonly<Record<string, string>> = {
  IS_CLUSTER_OWNER: 'IS_ENTITY_OWNER',
  HAS_CLUSTER_LABEL: 'HAS_LABEL',
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
  const rule = CATALOG_RULES[criteria.rule];
  if (!rule) throw new Error(`The catalog has no rule for ${criteria.rule}`);
  return catalogCondition(rule, criteria.params);
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
