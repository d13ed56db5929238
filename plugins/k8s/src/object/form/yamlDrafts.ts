import { pathKey } from './fieldPath';
import type { FieldPath } from './fieldPath';

/** Pieces of YAML in the form that cannot be read yet, as they are written; by the key of their field's path. */
export type YamlDrafts = Readonly<Record<string, string>>;

/** A copy with what is written in a field; `text` undefined: it can be read, or there is none. */
export function withDraft(
  drafts: YamlDrafts,
  path: FieldPath,
  text: string | undefined,
): YamlDrafts {
  const { [pathKey(path)]: _, ...others } = drafts;
  return text === undefined ? others : { ...others, [pathKey(path)]: text };
}

/**
 * A copy in which pieces that are in a list follow their items; those of items that are gone go with them.
 *
 * @param order - for each item its place before
 */
export function reorderDrafts(
  drafts: YamlDrafts,
  list: FieldPath,
  order: readonly number[],
): YamlDrafts {
  const moved = Object.entries(drafts).flatMap(([key, text]) => {
    const path = JSON.parse(key) as FieldPath;
    const isInside = list.every((part, index) => path[index] === part);
    const place = path[list.length];
    if (!isInside || typeof place !== 'number') return [[key, text]];
    const now = order.indexOf(place);
    const next = [...list, now, ...path.slice(list.length + 1)];
    return now < 0 ? [] : [[pathKey(next), text]];
  });
  return Object.fromEntries(moved);
}
