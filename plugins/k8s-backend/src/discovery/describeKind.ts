import {
  categoryOf,
  columnsOf,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ColumnSource,
  KindDescription,
} from '@backstage-k8s/plugin-k8s-common';
import type { DiscoveredKind } from './DiscoveredKind';
import type { Definition } from './readDefinitions';

/** Kubernetes' own groups: without a dot, or below `k8s.io`. */
const isBuiltIn = (group: string) =>
  !group.includes('.') || group.endsWith('.k8s.io');

function columnsIn(
  version: string,
  kind: DiscoveredKind,
  definition: Definition | undefined,
): ColumnSource[] {
  return [...(columnsOf(kind) ?? definition?.columns.get(version) ?? [])];
}

/** A kind with what is known of it from the table of kinds and from its definition, in one of its versions. */
export function describeKind(
  kind: DiscoveredKind,
  options: {
    /** Absent: the one that the cluster prefers. */
    version?: string;
    /** Absent: it has none, or definitions cannot be read. */
    definition?: Definition;
    areDefinitionsKnown: boolean;
  },
): KindDescription {
  const { definition, areDefinitionsKnown } = options;
  const { group, plural, namespaced } = kind;
  const traits = traitsOf(kind);
  const version = options.version ?? kind.versions[0];
  const actions = [...(traits?.actions ?? [])];
  if (definition?.isScalable && !actions.includes('scale')) {
    actions.push('scale');
  }
  return {
    ...{ group, version, plural, namespaced },
    versions: [...kind.versions],
    kind: kind.kind,
    category: categoryOf({ group, plural, namespaced }),
    custom: areDefinitionsKnown ? definition !== undefined : !isBuiltIn(group),
    verbs: [...kind.verbs],
    shortNames: [...kind.shortNames],
    actions,
    columns: columnsIn(version, kind, definition),
  };
}
