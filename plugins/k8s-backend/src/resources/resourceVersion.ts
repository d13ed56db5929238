import { InputError } from '@backstage/errors';

const DECIMAL = /^(0|[1-9][0-9]*)$/;

/**
 * Whether a resourceVersion is a whole number, as those of the API server are. Aggregated APIs may have others; such
 * versions have no order.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isOrderedVersion(version: string): boolean {
  return DECIMAL.test(version);
}

/**
 * Compares two resourceVersions as integers of any length: below zero when the first is older. Two that have no order
 * count as equal.
 */
export function compareVersions(a: string, b: string): number {
  if (!isOrderedVersion(a) || !isOrderedVersion(b)) return 0;
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** @throws InputError unless it is a whole number */
export function checkVersion(version: string): string {
  if (!isOrderedVersion(version)) {
    throw new InputError('A version to wait for is a whole number');
  }
  return version;
}
