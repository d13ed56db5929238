import type {
  KindDescription,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { NamedKind, TypeName } from './Relation';
import { typeNameOf } from './Relation';

/** Custom kinds of one family that an object is taken to own at most; each one asked for is read from the cluster. */
const MAX_FAMILY = 16;

/** Groups that one project has under one name: `acme.cert-manager.io` and `cert-manager.io`. */
function familyOf(group: string): string {
  // Below k8s.io are many projects.
  const labels = group.endsWith('k8s.io') ? 3 : 2;
  return group.split('.').slice(-labels).join('.');
}

/** The kinds of a cluster, by what they are called. */
export class KindIndex {
  readonly #kinds: readonly KindDescription[];
  readonly #byType: ReadonlyMap<TypeName, KindDescription>;
  readonly #byKind: ReadonlyMap<string, KindDescription>;

  constructor(kinds: readonly KindDescription[]) {
    this.#kinds = kinds;
    this.#byType = new Map(kinds.map(kind => [typeNameOf(kind), kind]));
    this.#byKind = new Map(
      kinds.map(kind => [`${kind.kind}.${kind.group}`, kind]),
    );
  }

  /** Undefined where the cluster lacks it. */
  find(wanted: TypeName | NamedKind): KindDescription | undefined {
    return typeof wanted === 'string'
      ? this.#byType.get(wanted)
      : this.#byKind.get(`${wanted.kind}.${wanted.group}`);
  }

  /** Those of them that the cluster has. */
  findAll(wanted: readonly TypeName[]): KindDescription[] {
    return wanted.flatMap(name => this.find(name) ?? []);
  }

  /** Custom kinds of the same project, itself included. */
  family({ group }: ResourceType): KindDescription[] {
    const family = familyOf(group);
    return this.#kinds
      .filter(kind => kind.custom && familyOf(kind.group) === family)
      .slice(0, MAX_FAMILY);
  }
}
