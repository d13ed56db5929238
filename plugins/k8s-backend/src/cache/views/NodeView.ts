import { nodeRow, podRequest } from '../../views/nodeRow';
import { isPodFinished } from '../../workloads/podStatus';
import type { PodObject } from '../../workloads/WorkloadObjects';
import { createBreather } from '../createBreather';
import type { Row } from '../Row';
import { nameOf, uidOf } from './rowKeys';
import { TouchedRows } from './TouchedRows';
import type { ViewDefinition, ViewParts, ViewRows } from './ViewRows';

/** What the view is made of; pods only say more. */
type NodePart = 'nodes' | 'pods';

/** What a pod takes of its node. */
interface PodShare {
  node: string;
  milliCpu: number;
  /** Bytes. */
  memory: number;
}

/** Thousandths, so that sums that go up and down come back to exactly 0. */
const MILLI = 1000;

class NodeView implements ViewRows<NodePart> {
  readonly #parts: ViewParts<NodePart>;
  /** By name. */
  readonly #nodes = new Map<string, Row>();
  /** By the pod's uid. Of the pods only that is kept. */
  readonly #shares = new Map<string, PodShare>();
  /** By the node's name. */
  readonly #sums = new Map<
    string,
    { milliCpu: number; memory: number; pods: number }
  >();
  /** Pods. */
  readonly #touched = new TouchedRows({ keyOf: uidOf });
  /** Names of nodes. */
  #changed = new Set<string>();

  constructor(parts: ViewParts<NodePart>) {
    this.#parts = parts;
  }

  changed(part: NodePart, row: Row): void {
    if (part === 'pods') this.#touched.changed(row);
    else this.#keep(row);
  }

  deleted(part: NodePart, row: Row): void {
    if (part === 'pods') {
      this.#touched.deleted(row);
      return;
    }
    this.#nodes.delete(nameOf(row));
    this.#changed.add(nameOf(row));
  }

  aged(): boolean {
    return false;
  }

  async *take({
    all,
  }: {
    all: boolean;
  }): AsyncIterable<[string, object | undefined]> {
    if (all) this.#readAll();
    const breathe = createBreather();
    for (const [uid, row] of this.#touched.take()) {
      this.#setShare(uid, row && this.#shareOf(row));
      await breathe();
    }
    const changed = this.#changed;
    this.#changed = new Set();
    for (const name of changed) yield [name, this.#rowOf(name)];
  }

  #readAll() {
    this.#nodes.clear();
    this.#shares.clear();
    this.#sums.clear();
    for (const row of this.#parts.rows('nodes')) this.#keep(row);
    this.#touched.startOver(this.#parts.rows('pods'));
  }

  #keep(row: Row) {
    this.#nodes.set(nameOf(row), row);
    this.#changed.add(nameOf(row));
  }

  #shareOf(row: Row): PodShare | undefined {
    const pod: PodObject = this.#parts.objectOf('pods', row);
    const node = pod.spec?.nodeName;
    if (!node || isPodFinished(pod)) return undefined;
    return {
      node,
      milliCpu: Math.round(podRequest(pod, 'cpu') * MILLI),
      memory: podRequest(pod, 'memory'),
    };
  }

  #setShare(uid: string, share: PodShare | undefined) {
    const before = this.#shares.get(uid);
    // Most changes of a pod are of its status.
    if (JSON.stringify(before) === JSON.stringify(share)) return;
    if (before) this.#add(before, -1);
    if (share) {
      this.#add(share, 1);
      this.#shares.set(uid, share);
    } else {
      this.#shares.delete(uid);
    }
  }

  #add({ node, milliCpu, memory }: PodShare, sign: 1 | -1) {
    const sum = this.#sums.get(node) ?? { milliCpu: 0, memory: 0, pods: 0 };
    this.#sums.set(node, {
      milliCpu: sum.milliCpu + sign * milliCpu,
      memory: sum.memory + sign * memory,
      pods: sum.pods + sign,
    });
    this.#changed.add(node);
  }

  #rowOf(name: string): object | undefined {
    const row = this.#nodes.get(name);
    if (!row) return undefined;
    const { milliCpu = 0, memory = 0, pods = 0 } = this.#sums.get(name) ?? {};
    return nodeRow(this.#parts.objectOf('nodes', row), {
      // What cannot be read at all is not said to be nothing.
      ...(this.#parts.isThere('pods') && {
        requested: { cpu: milliCpu / MILLI, memory, pods },
      }),
    });
  }
}

/** Nodes by name, with what their pods ask for. */
export const nodeView: ViewDefinition<NodePart> = {
  optional: ['pods'],
  make: ({ parts }) => new NodeView(parts),
};
