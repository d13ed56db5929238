import type {
  KindDescription,
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { createRowBuilder } from '../rows/createRowBuilder';
import type { RowBuilder } from '../rows/createRowBuilder';
import type { GraphReader } from './GraphReader';
import type { Neighbour, Neighbours, Subject } from './Neighbours';
import { nodeId, RelatedGraph } from './RelatedGraph';
import type { GraphNode } from './RelatedGraph';

/** How far a graph goes from its object. */
const STEPS = 2;
/** Objects that are read at once: some are not in the cache. */
const BATCH = 10;

/** The making of one graph: from its object step by step to what is beside it. */
export class GraphWalk {
  readonly #graph = new RelatedGraph();
  readonly #builders = new Map<KindDescription, RowBuilder>();

  constructor(
    private readonly reader: GraphReader,
    private readonly neighbours: Neighbours,
  ) {}

  async from(subject: Subject): Promise<Schema<'RelatedGraph'>> {
    const { kind, object } = subject;
    const { namespace, name = '' } = object.metadata;
    const first = this.#graph.add({ kind, namespace, name });
    if (first) this.#know(first, object);
    let edge = first ? [first] : [];
    for (let step = 0; step < STEPS; step += 1) {
      edge = await this.#step(edge, { isFirst: step === 0 });
    }
    for (const node of edge) this.#connectNamed(node);
    return this.#graph.toAnswer(this.reader);
  }

  /** Goes one step on from nodes; answers with what is new. */
  async #step(
    nodes: readonly GraphNode[],
    options: { isFirst: boolean },
  ): Promise<GraphNode[]> {
    this.#graph.beginStep();
    const found = await inBatches(nodes, async node => ({
      node,
      beside: await this.#of(node, options),
    }));
    const added = new Map<string, { node: GraphNode; neighbour: Neighbour }>();
    for (const { node, beside } of found) {
      for (const neighbour of beside) {
        const id = nodeId(neighbour);
        const known = this.#graph.find(id);
        const there = known ?? this.#graph.add(neighbour);
        if (!there) continue;
        this.#connect(node, neighbour);
        const before = added.get(id);
        // What one does without, another may need.
        if (!known || (before?.neighbour.isOptional && !neighbour.isOptional)) {
          added.set(id, { node: there, neighbour });
        }
      }
    }
    const loaded = await inBatches([...added.values()], each =>
      this.#load(each.node, each.neighbour),
    );
    return loaded.flatMap(node => node ?? []);
  }

  async #of(
    node: GraphNode,
    options: { isFirst: boolean },
  ): Promise<Neighbour[]> {
    if (!node.object && !node.isMissing) {
      const object = await this.reader.get(node);
      if (object && object !== 'missing') this.#know(node, object);
    }
    const { kind, object } = node;
    return object ? this.neighbours.of({ kind, object }, options) : [];
  }

  /** Finds out how a new node is; undefined, and it is not in the graph, where nothing is to be told of it. */
  async #load(
    node: GraphNode,
    neighbour: Neighbour,
  ): Promise<GraphNode | undefined> {
    if (neighbour.object) this.#know(node, neighbour.object);
    node.health ??= neighbour.health;
    if (node.health) return node;
    const object = await this.reader.get(node);
    const isOther =
      typeof object === 'object' &&
      neighbour.uid !== undefined &&
      neighbour.uid !== object.metadata.uid;
    if (
      object === undefined ||
      (object === 'missing' && neighbour.isOptional)
    ) {
      this.#graph.remove(node);
      return undefined;
    }
    if (object === 'missing' || isOther) node.isMissing = true;
    else this.#know(node, object);
    return node;
  }

  #know(node: GraphNode, object: KubernetesObject) {
    const { kind } = node;
    const build = this.#builders.get(kind) ?? createRowBuilder(kind, []);
    this.#builders.set(kind, build);
    node.object = object;
    node.health = build(object).health;
  }

  /** What the last nodes name and the graph has already. */
  #connectNamed(node: GraphNode) {
    const { kind, object } = node;
    if (!object) return;
    for (const neighbour of this.neighbours.named({ kind, object })) {
      this.#connect(node, neighbour);
    }
  }

  #connect({ id }: GraphNode, neighbour: Neighbour) {
    const { relation, isBackward } = neighbour;
    const other = nodeId(neighbour);
    this.#graph.connect({
      from: isBackward ? other : id,
      to: isBackward ? id : other,
      relation,
    });
  }
}

async function inBatches<T, Result>(
  items: readonly T[],
  work: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH);
    results.push(...(await Promise.all(batch.map(work))));
  }
  return results;
}
