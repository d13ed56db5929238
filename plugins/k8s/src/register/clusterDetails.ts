import { isLabelKey, isLabelValue } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** How a cluster is called, grouped and owned, as it is typed. */
export interface ClusterDetails {
  name: string;
  /** A label without a value is not one yet. */
  labels: Record<string, string>;
  /** An entity reference; empty: nobody. */
  owner: string;
  protected: boolean;
}

/** Keys by which clusters are grouped most often. */
export const SUGGESTED_LABELS = ['environment', 'region'];

/** What a new cluster begins with. */
export const NEW_DETAILS: ClusterDetails = {
  name: '',
  labels: Object.fromEntries(SUGGESTED_LABELS.map(key => [key, ''])),
  owner: '',
  protected: false,
};

const NAME = /^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$/;
const NAME_LENGTH = 63;

/** A name for a cluster made of what its context is called; empty where nothing of it can be used. */
export function suggestName(context: string | undefined): string {
  // Of EKS' `arn:aws:eks:…:cluster/name` and kubeadm's `user@cluster` the end says which cluster it is.
  const end = (context ?? '').split(/[/@]/).at(-1) ?? '';
  return end
    .replace(/[^A-Za-z0-9 ._-]+/g, '-')
    .slice(0, NAME_LENGTH)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** Why a name cannot be used. */
export function nameProblem(
  name: string,
): 'register.nameMissing' | 'register.nameInvalid' | undefined {
  const trimmed = name.trim();
  if (!trimmed) return 'register.nameMissing';
  const isValid = NAME.test(trimmed) && trimmed.length <= NAME_LENGTH;
  return isValid ? undefined : 'register.nameInvalid';
}

/** Whether the server would take it, as far as can be told here. */
export function isAcceptable({ name, labels }: ClusterDetails): boolean {
  return (
    nameProblem(name) === undefined &&
    Object.entries(labels).every(
      ([key, value]) => isLabelKey(key) && isLabelValue(value),
    )
  );
}

/** What is sent of it. */
export function toRegistration(
  details: ClusterDetails,
): Pick<
  Schema<'ClusterRegistration'>,
  'name' | 'labels' | 'owner' | 'protected'
> {
  const labels = Object.entries(details.labels)
    .map(([key, value]) => [key.trim(), value.trim()])
    .filter(([, value]) => value !== '');
  return {
    name: details.name.trim(),
    labels: Object.fromEntries(labels),
    owner: details.owner || undefined,
    protected: details.protected,
  };
}

const FIELDS = [
  [
    'name',
    /^body\/name\b|^The name needs|^A cluster .*by this name|^A cluster of this name/,
  ],
  ['labels', /^body\/labels\b|^labels[:.]/],
  ['owner', /^body\/owner\b/],
] as const;

/** The field that a refusal of a registration is about; undefined: none of these. */
export function fieldOfRefusal(
  message: string,
): 'name' | 'labels' | 'owner' | undefined {
  return FIELDS.find(([, pattern]) => pattern.test(message))?.[0];
}
