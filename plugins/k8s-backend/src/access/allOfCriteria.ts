import type { AccessFilter } from '@backstage-k8s/plugin-k8s-node';

type Criteria = AccessFilter['criteria'];

/** What all of the criteria let through. */
export function allOfCriteria(parts: readonly Criteria[]): Criteria {
  if (parts.includes('none')) return 'none';
  const conditions = parts.flatMap(part =>
    part === 'all' || part === 'none' ? [] : part,
  );
  const [first, ...more] = conditions;
  if (!first) return 'all';
  if (more.length === 0) return first;
  return { allOf: [first, ...more] };
}
