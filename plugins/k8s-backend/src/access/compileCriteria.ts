import type {
  PermissionCondition,
  PermissionCriteria,
  PermissionRuleParams,
} from '@backstage/plugin-permission-common';
import type { PermissionRule } from '@backstage/plugin-permission-node';

/** A rule, whatever its parameters are. */
export type AnyRule<Resource> = Pick<
  PermissionRule<Resource, unknown, string, PermissionRuleParams>,
  'name' | 'paramsSchema'
> & {
  // As a method, so that rules with narrower parameters fit; they are checked by the schema first.
  apply(resource: Resource, params: PermissionRuleParams): boolean;
};

function compileCondition<Resource>(
  condition: PermissionCondition,
  rules: ReadonlyMap<string, AnyRule<Resource>>,
): (resource: Resource) => boolean {
  const rule = rules.get(condition.rule);
  if (!rule) {
    throw new Error(`The permission policy names no rule: ${condition.rule}`);
  }
  const params = condition.params ?? {};
  const schema = rule.paramsSchema;
  if (schema && 'safeParse' in schema && !schema.safeParse(params).success) {
    throw new Error(`The permission policy has bad parameters: ${rule.name}`);
  }
  return resource => rule.apply(resource, params);
}

/**
 * Turns permission conditions into a function, so that a long list pays for their reading once.
 *
 * @throws Error when a condition names a rule that does not exist, or its parameters are wrong
 */
export function compileCriteria<Resource>(
  criteria: PermissionCriteria<PermissionCondition>,
  rules: ReadonlyMap<string, AnyRule<Resource>>,
): (resource: Resource) => boolean {
  if ('allOf' in criteria) {
    const parts = criteria.allOf.map(part => compileCriteria(part, rules));
    return resource => parts.every(part => part(resource));
  }
  if ('anyOf' in criteria) {
    const parts = criteria.anyOf.map(part => compileCriteria(part, rules));
    return resource => parts.some(part => part(resource));
  }
  if ('not' in criteria) {
    const part = compileCriteria(criteria.not, rules);
    return resource => !part(resource);
  }
  return compileCondition(criteria, rules);
}
