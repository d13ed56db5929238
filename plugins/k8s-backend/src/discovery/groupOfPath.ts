/** The core group has no name; in a path it is called so. */
const CORE = 'core';

/** The API group that a path names. */
export function groupOfPath(segment: string): string {
  return segment === CORE ? '' : segment;
}
