import type { DetailsDraft } from './DetailsDraft';

/** The field that a refusal of a registration is about; undefined: none of the last step. */
export function fieldOfRefusal(
  message: string,
): Exclude<keyof DetailsDraft, 'protected'> | undefined {
  const found = FIELDS.find(([, pattern]) => pattern.test(message));
  return found?.[0];
}

const FIELDS = [
  [
    'name',
    /^body\/name\b|^The name needs|^A cluster of this name|whose name differs/,
  ],
  ['labels', /^body\/labels\b|^labels[:.]/],
  ['owner', /^body\/owner\b|\bowner\b/],
] as const;
