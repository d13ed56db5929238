/** The name, or with a number the first that no cluster has: names that differ only in case or punctuation count as one. */
export function freeName(name: string, taken: string[]): string {
  const slugs = new Set(taken.map(slugOf));
  let candidate = name;
  for (let number = 2; slugs.has(slugOf(candidate)); number++) {
    candidate = `${name}-${number}`;
  }
  return candidate;
}

/** A name in small letters, digits and single dashes; empty when it has none of them. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
