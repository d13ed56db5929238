import type { Row } from '../Row';

/** Never two of one kind have the same, nor one of its name after it. */
export function uidOf({ metadata }: Row): string {
  return metadata.uid ?? '';
}

/** Tells objects of one kind apart that have no namespace. */
export function nameOf({ metadata }: Row): string {
  return metadata.name ?? '';
}
