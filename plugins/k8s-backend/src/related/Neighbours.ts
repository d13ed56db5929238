/**
 * What one object has to do with, by the table of relations, in four ways: what it points to by name, what it selects, what it
 * owns, and what points to it.
 */
import type {
  KindDescription,
  KubernetesObject,
  ObjectMeta,
  ResourceHealth,
} from '@backstage-k8s/plugin-k8s-common';
import { parseLabelSelector } from '../resources/LabelSelector';
import type { GraphReader, Place } from './GraphReader';
import type { KindIndex } from './KindIndex';
import type { Link, Relation, RelationName, TypeName } from './Relation';
import { typeNameOf } from './Relation';
import { OWNED, OWNED_BY_CUSTOM, RELATIONS } from './relations';

/** An object beside another one, not read yet where it has neither object nor health. */
export interface Neighbour extends Place {
  relation: RelationName;
  /** The relation goes from the neighbour to the object. */
  isBackward: boolean;
  /** Another one of that name is not meant. */
  uid?: string;
  /** It is not told of when it does not exist. */
  isOptional?: boolean;
  object?: KubernetesObject;
  health?: ResourceHealth;
}

/** An object whose neighbours are wanted. */
export interface Subject {
  kind: KindDescription;
  object: KubernetesObject;
}

/** A namespace is in itself; undefined: it has none, and may have to do with any. */
function homeOf({ kind, object }: Subject): string | undefined {
  return typeNameOf(kind) === 'namespaces.'
    ? object.metadata.name
    : object.metadata.namespace;
}

/** Whatever an object holds: what cannot be read points to nothing. */
function linksOf(relation: Relation, object: KubernetesObject): Link[] {
  try {
    return relation.links(object);
  } catch {
    return [];
  }
}

/** What an object points to, ready to be compared with many. */
interface Pointer {
  object: KubernetesObject;
  to: TypeName;
  namespace: string | undefined;
  matches(metadata: ObjectMeta): boolean;
}

function testOf(link: Link): Pointer['matches'] {
  if ('name' in link) return ({ name }) => name === link.name;
  try {
    const selects = parseLabelSelector(link.labelSelector);
    return ({ labels }) => selects(labels);
  } catch {
    return () => false;
  }
}

/** Finds neighbours. */
export class Neighbours {
  readonly #kinds: KindIndex;
  readonly #reader: GraphReader;
  readonly #pointers = new Map<Relation, Map<string, Promise<Pointer[]>>>();

  constructor(options: { kinds: KindIndex; reader: GraphReader }) {
    this.#kinds = options.kinds;
    this.#reader = options.reader;
  }

  /** What the object names itself; nothing is read for it. */
  named(subject: Subject): Neighbour[] {
    return this.#from(subject).flatMap(relation =>
      linksOf(relation, subject.object).flatMap(link => {
        const kind = this.#kinds.find(link.to);
        if (!('name' in link) || !kind) return [];
        return [
          {
            ...{ kind, name: link.name, relation: relation.relation },
            namespace: this.#namespaceOf(link, { kind, subject }),
            isBackward: relation.isBackward === true,
            uid: link.uid,
            isOptional: link.optional,
          },
        ];
      }),
    );
  }

  /** @param options - `isFirst`: it is what the graph is about, so that hubs and wide relations count */
  async of(
    subject: Subject,
    options: { isFirst: boolean },
  ): Promise<Neighbour[]> {
    const found = await Promise.all([
      this.#owned(subject),
      this.#selected(subject, options),
      ...this.#to(subject.kind, options).map(relation =>
        this.#pointing(relation, subject),
      ),
    ]);
    return [...this.named(subject), ...found.flat()];
  }

  async #owned({ kind, object }: Subject): Promise<Neighbour[]> {
    const { uid, namespace } = object.metadata;
    const types = OWNED[typeNameOf(kind)] ?? [];
    const kinds = kind.custom
      ? [...this.#kinds.findAll(OWNED_BY_CUSTOM), ...this.#kinds.family(kind)]
      : this.#kinds.findAll(types);
    if (uid === undefined) return [];
    const rows = await Promise.all(
      kinds.map(owned =>
        this.#rows(owned, { ownerUids: [uid], namespace }, 'owns'),
      ),
    );
    return rows.flat();
  }

  async #selected(
    subject: Subject,
    { isFirst }: { isFirst: boolean },
  ): Promise<Neighbour[]> {
    const relations = this.#from(subject).filter(
      ({ isWide }) => isFirst || !isWide,
    );
    const wishes = relations.flatMap(relation =>
      linksOf(relation, subject.object).flatMap(link => {
        const kind = this.#kinds.find(link.to);
        if (!('labelSelector' in link) || !kind) return [];
        const { labelSelector } = link;
        const namespace = this.#namespaceOf(link, { kind, subject });
        return [
          this.#rows(kind, { labelSelector, namespace }, relation.relation),
        ];
      }),
    );
    return (await Promise.all(wishes)).flat();
  }

  async #pointing(relation: Relation, subject: Subject): Promise<Neighbour[]> {
    const sources =
      relation.from === 'any' ? [] : this.#kinds.findAll(relation.from);
    const found = await Promise.all(
      sources.map(kind => this.#pointingOf(kind, { relation, subject })),
    );
    return found.flat();
  }

  async #pointingOf(
    kind: KindDescription,
    options: { relation: Relation; subject: Subject },
  ): Promise<Neighbour[]> {
    const { relation, subject } = options;
    const { column, isAcrossNamespaces, isBackward = false } = relation;
    const isEverywhere = isAcrossNamespaces || !kind.namespaced;
    const namespace = isEverywhere ? undefined : homeOf(subject);
    if (column !== undefined) {
      const fieldSelector = `${column}=${subject.object.metadata.name}`;
      const rows = await this.#rows(
        kind,
        { fieldSelector, namespace },
        relation.relation,
      );
      return rows.map(row => ({ ...row, isBackward: !isBackward }));
    }
    const { metadata } = subject.object;
    const type = typeNameOf(subject.kind);
    const pointers = await this.#pointersOf(kind, { relation, namespace });
    return pointers
      .filter(
        pointer =>
          pointer.to === type &&
          pointer.namespace === metadata.namespace &&
          pointer.matches(metadata),
      )
      .map(({ object }) => ({
        ...{ kind, object, relation: relation.relation },
        namespace: object.metadata.namespace,
        name: object.metadata.name ?? '',
        isBackward: !isBackward,
      }));
  }

  /** What the objects of a kind point to; many are compared with it, so that it is read off them once. */
  #pointersOf(
    kind: KindDescription,
    options: { relation: Relation; namespace: string | undefined },
  ): Promise<Pointer[]> {
    const { relation, namespace } = options;
    const ofRelation = this.#pointers.get(relation) ?? new Map();
    this.#pointers.set(relation, ofRelation);
    const key = `${typeNameOf(kind)} ${namespace ?? ''}`;
    const known = ofRelation.get(key);
    if (known) return known;
    const pointers = this.#reader.scan(kind, namespace).then(objects =>
      objects.flatMap(object =>
        linksOf(relation, object).flatMap(link => {
          const to = this.#kinds.find(link.to);
          if (!to) return [];
          const place = { kind: to, subject: { kind, object } };
          return [
            {
              object,
              to: typeNameOf(to),
              namespace: this.#namespaceOf(link, place),
              matches: testOf(link),
            },
          ];
        }),
      ),
    );
    ofRelation.set(key, pointers);
    return pointers;
  }

  async #rows(
    kind: KindDescription,
    wish: Parameters<GraphReader['rows']>[1],
    relation: RelationName,
  ): Promise<Neighbour[]> {
    const rows = await this.#reader.rows(kind, {
      ...wish,
      namespace: kind.namespaced ? wish.namespace : undefined,
    });
    return rows.map(({ namespace, name, health }) => ({
      ...{ kind, namespace, name, health, relation },
      isBackward: false,
    }));
  }

  #namespaceOf(
    link: Link,
    { kind, subject }: { kind: KindDescription; subject: Subject },
  ): string | undefined {
    return kind.namespaced
      ? link.namespace ?? subject.object.metadata.namespace
      : undefined;
  }

  /** The relations that objects of the kind have to others. */
  #from({ kind }: Subject): Relation[] {
    const type = typeNameOf(kind);
    return RELATIONS.filter(
      ({ from }) => from === 'any' || from.includes(type),
    );
  }

  /** The relations that others have to objects of the kind. */
  #to(kind: KindDescription, { isFirst }: { isFirst: boolean }): Relation[] {
    const type = typeNameOf(kind);
    return RELATIONS.filter(
      ({ to, isHub }) =>
        (isFirst || !isHub) &&
        (typeof to === 'function' ? to(kind) : to.includes(type)),
    );
  }
}
