import { isLabelKey, isLabelValue } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A label as it is typed. */
export interface LabelDraft {
  /** Tells rows apart while keys change. */
  id: number;
  key: string;
  value: string;
}

/** What is said of a cluster besides its access, as it is typed. */
export interface DetailsDraft {
  name: string;
  labels: LabelDraft[];
  /** An entity reference; empty: nobody. */
  owner: string;
  protected: boolean;
}

/** What is wrong with a label. */
export interface LabelProblem {
  key?: 'register.labelKeyMissing' | 'register.labelKeyInvalid' | 'register.labelKeyTwice';
  value?: 'register.labelValueInvalid';
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$/;
const NAME_LENGTH = 63;
/** Keys by which clusters are grouped most often; rows without a value do not count. */
const SUGGESTED_KEYS = ['environment', 'region'];

/** What the details begin with. */
export const EMPTY_DETAILS: DetailsDraft = {
  name: '',
  labels: SUGGESTED_KEYS.map((key, id) => ({ id, key, value: '' })),
  owner: '',
  protected: false,
};

/** A name for a cluster made of what its context is called; empty where nothing of it can be used. */
export function suggestName(context: string | undefined): string {
  // Of eks' `arn:aws:eks:…:cluster/name` and kubeadm's `user@cluster` the end says which cluster it is.
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

/** Whether a row is a label at all. */
function isGiven({ key, value }: LabelDraft): boolean {
  return value.trim() !== '' || (key.trim() !== '' && !isSuggested(key));
}

function isSuggested(key: string): boolean {
  return SUGGESTED_KEYS.includes(key.trim());
}

/** What is wrong with one of the labels; undefined: nothing. */
export function labelProblem(
  label: LabelDraft,
  labels: readonly LabelDraft[],
): LabelProblem | undefined {
  const key = label.key.trim();
  const value = label.value.trim();
  if (!key) return value ? { key: 'register.labelKeyMissing' } : undefined;
  if (!isLabelKey(key)) return { key: 'register.labelKeyInvalid' };
  const first = labels.find(other => other.key.trim() === key);
  if (first !== label) return { key: 'register.labelKeyTwice' };
  return isLabelValue(value) ? undefined : { value: 'register.labelValueInvalid' };
}

/** Whether the server would take it, as far as can be told here. */
export function isComplete({ name, labels }: DetailsDraft): boolean {
  return (
    nameProblem(name) === undefined &&
    labels.every(label => labelProblem(label, labels) === undefined)
  );
}

/** The details as the API takes them. */
export function registrationOf(
  details: DetailsDraft,
): Pick<
  Schema<'ClusterRegistration'>,
  'name' | 'labels' | 'owner' | 'protected'
> {
  const { name, owner } = details;
  return {
    name: name.trim(),
    labels: Object.fromEntries(
      details.labels
        .filter(isGiven)
        .map(({ key, value }) => [key.trim(), value.trim()]),
    ),
    ...(owner && { owner }),
    protected: details.protected,
  };
}
