import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';

/** Whose logs are shown: pods by their names, or those that a label selector finds. */
export type PodSelection = { pods: readonly string[] } | { selector: string };

interface Expression {
  key?: string;
  operator?: string;
  values?: string[];
}

const OPERATORS: Record<string, (key: string, values: string) => string> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: key => key,
  DoesNotExist: key => `!${key}`,
};

function expressionText({ key = '', operator = '', values = [] }: Expression) {
  return OPERATORS[operator]?.(key, values.join(','));
}

/** The selector of a workload as text; undefined where it has none. */
function selectorOf(object: KubernetesObject): string | undefined {
  const { spec } = object as { spec?: { selector?: unknown } };
  const selector = spec?.selector;
  if (typeof selector !== 'object' || selector === null) return undefined;
  const { matchLabels, matchExpressions = [] } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: Expression[];
  };
  const isPlain = !(
    'matchLabels' in selector || 'matchExpressions' in selector
  );
  // That of a ReplicationController is the labels themselves.
  const labels = isPlain ? (selector as Record<string, string>) : matchLabels;
  const parts = [
    ...Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(expressionText),
  ];
  const known = parts.filter(part => part !== undefined);
  return known.length > 0 && known.length === parts.length
    ? known.join(',')
    : undefined;
}

/** Whose logs are those of an object: its own if it is a pod, else those of the pods that it selects. */
export function podSelectionOf(
  object: KubernetesObject,
  plural: string,
): PodSelection | undefined {
  const { name } = object.metadata;
  if (plural === 'pods') return name ? { pods: [name] } : undefined;
  const selector = selectorOf(object);
  return selector === undefined ? undefined : { selector };
}

/** The containers that an object's pods have, by name; those that ran before the others last. */
export function containersOf(object: KubernetesObject): string[] {
  const { spec } = object as {
    spec?: { template?: { spec?: unknown } };
  };
  const { containers = [], initContainers = [] } = (spec?.template?.spec ??
    spec ??
    {}) as Record<string, { name: string }[] | undefined>;
  return [...containers, ...initContainers].map(({ name }) => name);
}
