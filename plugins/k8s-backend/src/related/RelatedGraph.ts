import type {
  KubernetesObject,
  ResourceHealth,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { Place } from './GraphReader';
import { MAX_ROWS } from './GraphReader';
import type { RelationName } from './Relation';
import { typeNameOf } from './Relation';

type Node = Schema<'RelatedGraph'>['nodes'][number];
type Edge = Schema<'RelatedGraph'>['edges'][number];

/** Objects of a graph at most, and of one kind in one step: what people can still take in, and what can be read at once. */
const MAX_NODES = 100;
const MAX_OF_KIND = MAX_ROWS;

/** An object in the making of a graph. */
export interface GraphNode extends Place {
  readonly id: string;
  /** Known once it was read. */
  object?: KubernetesObject;
  health?: ResourceHealth;
  isMissing?: boolean;
}

/** The id of a node: its path in the REST API below `/resources`. */
export function nodeId({ kind, namespace, name }: Place): string {
  return [kind.group || 'core', kind.plural, namespace ?? '_', name].join('/');
}

/** A graph in the making. */
export class RelatedGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, Edge>();
  #ofKind = new Map<string, number>();
  #isTruncated = false;

  /** From here on as many of each kind are taken again. */
  beginStep() {
    this.#ofKind = new Map();
  }

  find(id: string): GraphNode | undefined {
    return this.#nodes.get(id);
  }

  /** Adds a node; undefined when there are too many. */
  add(place: Place): GraphNode | undefined {
    const type = typeNameOf(place.kind);
    const count = this.#ofKind.get(type) ?? 0;
    if (this.#nodes.size >= MAX_NODES || count >= MAX_OF_KIND) {
      this.#isTruncated = true;
      return undefined;
    }
    const { kind, namespace, name } = place;
    const node: GraphNode = { id: nodeId(place), kind, namespace, name };
    this.#ofKind.set(type, count + 1);
    this.#nodes.set(node.id, node);
    return node;
  }

  /** Takes a node out again, with its edges. */
  remove({ id }: GraphNode) {
    this.#nodes.delete(id);
  }

  connect(edge: { from: string; to: string; relation: RelationName }) {
    const { from, to, relation } = edge;
    if (from !== to) this.#edges.set(`${from} ${relation} ${to}`, edge);
  }

  /** As the REST API tells it. */
  toAnswer(options: { isPartial: boolean }): Schema<'RelatedGraph'> {
    const edges = [...this.#edges.values()].filter(
      edge =>
        this.#nodes.has(edge.from) &&
        this.#nodes.has(edge.to) &&
        !this.#isSaidBetter(edge),
    );
    return {
      nodes: [...this.#nodes.values()].map(toNode),
      edges,
      ...((this.#isTruncated || options.isPartial) && { truncated: true }),
    };
  }

  /** A controller selects what it owns; that it owns it says more. */
  #isSaidBetter({ from, to, relation }: Edge): boolean {
    return relation === 'selects' && this.#edges.has(`${from} owns ${to}`);
  }
}

function toNode({ id, kind, namespace, name, ...more }: GraphNode): Node {
  return {
    id,
    group: kind.group,
    plural: kind.plural,
    kind: kind.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(more.isMissing && { missing: true }),
    health: more.health ?? { state: 'unknown' },
  };
}
