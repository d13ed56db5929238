import type { ManagedFieldsEntry } from '@backstage-k8s/plugin-k8s-common';
import { plainText } from '../views/plainText';
import { holdsPath } from '../workloads/fieldOwners';
import type { PathStep } from '../workloads/fieldPath';
import type { ChangeManager } from './ObjectChange';

/** The API server tells times in whole seconds. */
const SECOND_MS = 1_000;
/** How far the clock of an API server may be from ours, and a change be old when it is heard. */
const TOLERANCE_MS = 2 * 60_000;
/** The same where nothing but the time speaks for who wrote last: better nobody is named than somebody else. */
const CLOSE_MS = 10_000;
/** Paths that are looked up; who set the first ones has set the others. */
const MAX_PATHS = 20;
/** Characters; Kubernetes allows 128. */
const MANAGER_LENGTH = 128;
/** Managers of one change that are kept. */
const MAX_MANAGERS = 8;

const timeOf = ({ time }: ManagedFieldsEntry) => Date.parse(time ?? '');

function managerOf(entry: ManagedFieldsEntry): ChangeManager {
  const { manager, operation, time, subresource } = entry;
  return {
    manager: plainText(manager, MANAGER_LENGTH),
    operation: operation === 'Apply' ? 'Apply' : 'Update',
    ...(time && { at: time }),
    ...(subresource && { subresource: plainText(subresource, MANAGER_LENGTH) }),
  };
}

/**
 * Who made a change, by the managed fields of the object after it: those that wrote last and own what differs; for what was
 * taken away, which nobody owns, those that wrote just then. Nobody when the object does not tell: who takes away what others
 * own leaves no trace.
 *
 * @param options - `at`: when it was heard; `notBefore`: it may be several changes, since then; `paths`: what differs, absent when the object is new
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function whoChanged(
  managedFields: readonly ManagedFieldsEntry[] | undefined,
  options: { at: number; notBefore?: number; paths?: readonly PathStep[][] },
): ChangeManager[] {
  const { at, notBefore, paths = [] } = options;
  const entries = (managedFields ?? []).filter(
    entry => entry.manager && entry.subresource !== 'status',
  );
  const newest = Math.max(...entries.map(timeOf).filter(Number.isFinite));
  const since = Math.min(newest, (notBefore ?? Infinity) - SECOND_MS);
  const looked = paths.slice(0, MAX_PATHS);
  // An entry without fields has let go of all it had.
  const owns = ({ fieldsV1 = {} }: ManagedFieldsEntry) =>
    Object.keys(fieldsV1).length > 0 &&
    looked.some(path => holdsPath(fieldsV1, path));
  const wroteWithin = (toleranceMs: number) =>
    newest >= (notBefore ?? at) - toleranceMs
      ? entries.filter(entry => timeOf(entry) >= since)
      : [];
  const candidates = [
    wroteWithin(TOLERANCE_MS).filter(owns),
    // Who writes to the scale is noted without a time.
    entries.filter(entry => !entry.time && owns(entry)),
    wroteWithin(looked.length === 0 ? TOLERANCE_MS : CLOSE_MS),
  ];
  const found = candidates.find(({ length }) => length > 0) ?? [];
  return found.slice(0, MAX_MANAGERS).map(managerOf);
}
