/**
 * What people may say of a cluster besides how to reach it.
 */
import { InputError } from '@backstage/errors';
import {
  clusterSlug,
  isLabelKey,
  isLabelValue,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterReference,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';

/** The parts of a registration that permission rules look at. */
export type ClusterProperties = Pick<
  Schema<'ClusterRegistration'>,
  'name' | 'labels' | 'owner'
>;

/** @throws InputError when a label is not one of Kubernetes' form */
export function assertLabels(labels: Record<string, string>): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) {
      throw new InputError(
        'labels: a key has to be like `environment` or `example.com/environment`',
      );
    }
    if (!isLabelValue(value)) {
      throw new InputError(
        `labels.${key}: a value has at most 63 letters, digits, dots, dashes and underscores`,
      );
    }
  }
}

/** A cluster as permission rules see it before it is registered. @throws InputError */
export function referenceOf({
  name,
  labels = {},
  owner,
}: ClusterProperties): ClusterReference {
  assertLabels(labels);
  return { name, labels, owner: owner?.toLocaleLowerCase('en-US') };
}

/** @throws InputError when no entity could be called so */
export function slugOf(name: string): string {
  const slug = clusterSlug(name);
  if (slug) return slug;
  throw new InputError('The name needs a letter or a digit');
}
