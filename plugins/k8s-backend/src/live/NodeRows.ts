import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceChange } from '@backstage-k8s/plugin-k8s-node';
import { nodeRow, podRequest } from '../views/nodeRow';
import type { UsageByNode } from '../views/NodeUsage';
import { isPodFinished } from '../workloads/podStatus';
import { NODES, PODS } from '../workloads/ResourceKinds';
import type { PodObject } from '../workloads/WorkloadObjects';
import type { LiveRows } from './LiveRows';
import type { LiveRow } from './LiveTopics';
import type { WatchSource } from './watchTogether';

interface PodShare {
  node: string;
  cpu: number;
  memory: number;
}

/** Thousandths, so that sums that go up and down come back to exactly 0. */
const MILLI = 1000;

/** Nodes with what their pods ask for. Of the pods only that is kept. */
export class NodeRows implements LiveRows {
  readonly sources: readonly WatchSource[];
  private readonly nodes = new Map<string, KubernetesObject>();
  private readonly shares = new Map<string, PodShare>();
  private readonly sums = new Map<
    string,
    { milliCpu: number; memory: number; pods: number }
  >();
  private changed = new Set<string>();

  constructor(
    cluster: string,
    private readonly options: { usage: () => Promise<UsageByNode> },
  ) {
    this.sources = [
      {
        query: { ...NODES, cluster },
        onChange: change => this.onNode(change),
      },
      {
        query: { ...PODS, cluster },
        isOptional: true,
        onChange: change => this.onPod(change),
      },
    ];
  }

  async take(options: {
    all: boolean;
  }): Promise<ReadonlyMap<string, LiveRow | undefined>> {
    const keys = new Set([
      ...this.changed,
      ...(options.all ? this.nodes.keys() : []),
    ]);
    this.changed = new Set();
    const used = await this.options.usage();
    const rows = new Map<string, LiveRow | undefined>();
    for (const key of keys) {
      const node = this.nodes.get(key);
      const { milliCpu = 0, memory = 0, pods = 0 } = this.sums.get(key) ?? {};
      rows.set(
        key,
        node &&
          nodeRow(node, {
            requested: { cpu: milliCpu / MILLI, memory, pods },
            used: used.get(key),
          }),
      );
    }
    return rows;
  }

  private onNode(change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const key of this.nodes.keys()) this.changed.add(key);
      this.nodes.clear();
    }
    if (!('object' in change)) return;
    const key = change.object.metadata.name ?? '';
    this.changed.add(key);
    if (change.type === 'DELETED') this.nodes.delete(key);
    else this.nodes.set(key, change.object);
  }

  private onPod(change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const uid of [...this.shares.keys()]) this.setShare(uid, undefined);
    }
    if (!('object' in change)) return;
    const pod: PodObject = change.object;
    const node = pod.spec?.nodeName;
    const counts = change.type !== 'DELETED' && node && !isPodFinished(pod);
    this.setShare(
      pod.metadata.uid ?? '',
      counts
        ? {
            node,
            cpu: Math.round(podRequest(pod, 'cpu') * MILLI),
            memory: podRequest(pod, 'memory'),
          }
        : undefined,
    );
  }

  private setShare(uid: string, share: PodShare | undefined): void {
    const old = this.shares.get(uid);
    if (old) this.add(old, -1);
    if (share) {
      this.add(share, 1);
      this.shares.set(uid, share);
    } else {
      this.shares.delete(uid);
    }
  }

  private add(share: PodShare, sign: 1 | -1): void {
    const sum = this.sums.get(share.node) ?? {
      milliCpu: 0,
      memory: 0,
      pods: 0,
    };
    sum.milliCpu += sign * share.cpu;
    sum.memory += sign * share.memory;
    sum.pods += sign;
    this.sums.set(share.node, sum);
    this.changed.add(share.node);
  }
}
