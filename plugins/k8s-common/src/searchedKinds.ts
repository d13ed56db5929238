import type { ResourceType } from './kinds';

/** What of an object a text is looked for in. @public */
export type SearchField = 'name' | 'image' | 'label';

/** A kind that is searched. @public */
export interface SearchedKind extends ResourceType {
  /** What it is found by. */
  by: readonly SearchField[];
}

const EVERYTHING: readonly SearchField[] = ['name', 'image', 'label'];

/** By plural and group; what people look for first comes first among equal matches. A new kind is a line. */
const LINES: readonly (readonly [type: string, by?: SearchedKind['by']])[] = [
  ['deployments.apps'],
  ['statefulsets.apps'],
  ['daemonsets.apps'],
  ['cronjobs.batch'],
  ['jobs.batch'],
  ['services.'],
  ['ingresses.networking.k8s.io'],
  ['gateways.gateway.networking.k8s.io'],
  ['httproutes.gateway.networking.k8s.io'],
  ['namespaces.'],
  ['nodes.'],
  ['configmaps.'],
  // Nothing else of a Secret is anybody's way to it.
  ['secrets.', ['name']],
  ['persistentvolumeclaims.'],
  // Last: there are many of each workload.
  ['pods.'],
];

/**
 * A kind as parameters and tables name it: `deployments.apps`, and `pods` or `pods.` of the core group.
 *
 * @public
 */
export function parseKindName(text: string): ResourceType {
  const dot = text.indexOf('.');
  return dot < 0
    ? { group: '', plural: text }
    : { group: text.slice(dot + 1), plural: text.slice(0, dot) };
}

/** The name that {@link parseKindName} reads. @public */
export function kindName({ group, plural }: ResourceType): string {
  return group ? `${plural}.${group}` : plural;
}

/** The kinds that a search over all clusters looks through; custom resources are searched besides. @public */
export const SEARCHED_KINDS: readonly SearchedKind[] = LINES.map(
  ([type, by = EVERYTHING]) => ({ ...parseKindName(type), by }),
);

const byName = new Map(SEARCHED_KINDS.map(kind => [kindName(kind), kind]));

/** What a kind is found by; a kind that is not among {@link SEARCHED_KINDS} by everything. @public */
export function searchedFieldsOf(type: ResourceType): readonly SearchField[] {
  return byName.get(kindName(type))?.by ?? EVERYTHING;
}
