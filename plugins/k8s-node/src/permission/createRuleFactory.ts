import type { PermissionRuleParams } from '@backstage/plugin-permission-common';
import type {
  PermissionResourceRef,
  PermissionRule,
} from '@backstage/plugin-permission-node';
import type { z } from 'zod';
import type { RulePredicate } from './resourceRefs';

/** A rule without the resource type it is for. */
export interface RuleDefinition<
  TSubject,
  TParams extends PermissionRuleParams,
> {
  name: string;
  description: string;
  paramsSchema: z.ZodType<TParams, TParams>;
  holds(subject: TSubject, params: TParams): boolean;
}

/**
 * Makes rules of a resource type from definitions that look at a part of the resource only, so that one definition
 * serves clusters and what is in them.
 */
export function createRuleFactory<
  TResource,
  TSubject,
  TResourceType extends string,
>(
  resourceRef: PermissionResourceRef<TResource, RulePredicate, TResourceType>,
  subjectOf: (resource: TResource) => TSubject,
) {
  return <TParams extends PermissionRuleParams>(
    definition: RuleDefinition<TSubject, TParams>,
  ): PermissionRule<TResource, RulePredicate, TResourceType, TParams> => ({
    name: definition.name,
    description: definition.description,
    resourceType: resourceRef.resourceType,
    paramsSchema: definition.paramsSchema,
    apply: (resource, params) =>
      definition.holds(subjectOf(resource), params as TParams),
    toQuery: params => ({ rule: definition.name, params }),
  });
}
