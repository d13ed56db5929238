/** Discovery documents of the Kubernetes API, made of the kinds that a cluster serves. */
import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';

/** What can be done with a kind here; the kind has to serve it too. */
const VERBS = ['create', 'delete', 'get', 'list', 'patch'];

function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The versions of the core group. */
export function coreVersions() {
  return { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'] };
}

/** The named groups with their preferred version. */
export function groupList(kinds: readonly KindDescription[]) {
  const versions = new Map<string, string>();
  for (const { group, version } of kinds) {
    if (group !== '' && !versions.has(group)) versions.set(group, version);
  }
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...versions].map(([name, version]) => {
      const preferred = { groupVersion: `${name}/${version}`, version };
      return { name, versions: [preferred], preferredVersion: preferred };
    }),
  };
}

/** The kinds of one version of a group. */
export function kindList(
  kinds: readonly KindDescription[],
  { group, version }: { group: string; version: string },
) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: kinds
      .filter(kind => kind.group === group && kind.version === version)
      .map(({ plural, kind, namespaced, verbs }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: VERBS.filter(verb => verbs.includes(verb)),
      })),
  };
}
