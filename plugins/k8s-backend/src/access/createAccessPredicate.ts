import type {
  KubernetesObject,
  ResourceReference,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import { k8sResourceRules } from '@backstage-k8s/plugin-k8s-node';
import type { AccessFilter } from '@backstage-k8s/plugin-k8s-node';
import { referenceOfObject } from '../resources/resourceReference';
import { compileCriteria } from './compileCriteria';
import type { AnyRule } from './compileCriteria';

/** The rules that conditions on what is in clusters are made of, by name. */
export const RESOURCE_RULES: ReadonlyMap<
  string,
  AnyRule<ResourceReference>
> = new Map(
  Object.values(k8sResourceRules).map(rule => [
    rule.name,
    rule as AnyRule<ResourceReference>,
  ]),
);

/** What of an object says whether it may be seen. */
export type AccessSubject = Pick<KubernetesObject, 'metadata'>;

/**
 * Whether a filter lets an object of a kind through. Both the cache and live reads ask it before they sort and page.
 *
 * @throws Error when the filter names a rule that does not exist
 */
export function createAccessPredicate(
  filter: AccessFilter | undefined,
  kind: ResourceType,
): (object: AccessSubject) => boolean {
  if (!filter || filter.criteria === 'all') return () => true;
  const allows = createReferencePredicate(filter);
  return object => allows(referenceOfObject(filter.cluster, kind, object));
}

/** Whether a filter lets through what a reference names. @throws Error when the filter names a rule that does not exist */
export function createReferencePredicate({
  criteria,
}: AccessFilter): (reference: ResourceReference) => boolean {
  if (criteria === 'all') return () => true;
  if (criteria === 'none') return () => false;
  return compileCriteria(criteria, RESOURCE_RULES);
}
