interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A LabelSelector of an object in the syntax of queries; absent where it selects by what that syntax has no words for. */
export function selectorText(selector: unknown): string | undefined {
  if (typeof selector !== 'object' || selector === null) return undefined;
  const { matchLabels = {}, matchExpressions = [] }: Selector = selector;
  const parts = Object.entries(matchLabels).map(
    ([key, value]) => `${key}=${value}`,
  );
  for (const { key, operator, values = [] } of matchExpressions) {
    const list = `(${values.join(',')})`;
    if (operator === 'In') parts.push(`${key} in ${list}`);
    else if (operator === 'NotIn') parts.push(`${key} notin ${list}`);
    else if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else return undefined;
  }
  return parts.length > 0 ? parts.join(',') : undefined;
}
