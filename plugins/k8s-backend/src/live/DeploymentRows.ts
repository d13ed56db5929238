import type {
  CacheState,
  ResourceChange,
} from '@backstage-k8s/plugin-k8s-node';
import { scaledDeployment } from '../workloads/autoscalers';
import {
  AUTOSCALERS,
  DEPLOYMENTS,
  EVENTS,
  PODS,
  REPLICA_SETS,
} from '../workloads/ResourceKinds';
import { WorkloadIndex } from '../workloads/WorkloadIndex';
import type { DeploymentParts, PartKind } from '../workloads/WorkloadIndex';
import type { DeploymentObject } from '../workloads/WorkloadObjects';
import type { LiveRows } from './LiveRows';
import type { LiveRow } from './LiveTopics';
import type { WatchSource } from './watchTogether';

/** How to make rows of deployments. */
export interface DeploymentRowsOptions {
  cluster: string;
  namespace?: string;
  labelSelector?: string;
  /** Whether rows say which autoscaler rules them. */
  withAutoscalers: boolean;
  keyOf(deployment: DeploymentObject): string;
  rowOf(
    deployment: DeploymentObject,
    options: { parts: DeploymentParts; scaledBy?: string; cache: CacheState },
  ): LiveRow;
}

const placeOf = ({ metadata }: DeploymentObject) =>
  `${metadata.namespace}/${metadata.name}`;

/** Rows of deployments, each made anew when it or one of its ReplicaSets, pods or events changes. */
export class DeploymentRows implements LiveRows {
  readonly sources: readonly WatchSource[];
  private readonly deployments = new Map<string, DeploymentObject>();
  private readonly index = new WorkloadIndex();
  /** UIDs; of a deployment that is gone too. */
  private changed = new Set<string>();
  /** Names by the `namespace/name` of the deployment that they rule. */
  private readonly autoscalers = new Map<string, string>();
  /** By UID, of deployments that are gone. */
  private readonly gone = new Map<string, string>();

  constructor(private readonly options: DeploymentRowsOptions) {
    const { cluster, namespace, labelSelector } = options;
    const part = (kind: typeof PODS, plural: PartKind) => ({
      query: { ...kind, cluster, namespace },
      isOptional: true,
      onChange: (change: ResourceChange) => this.onPart(plural, change),
    });
    this.sources = [
      {
        query: { ...DEPLOYMENTS, cluster, namespace, labelSelector },
        onChange: change => this.onDeployment(change),
      },
      part(REPLICA_SETS, 'replicasets'),
      part(PODS, 'pods'),
      part(EVENTS, 'events'),
      ...(options.withAutoscalers
        ? [
            {
              query: { ...AUTOSCALERS, cluster, namespace },
              isOptional: true,
              onChange: (change: ResourceChange) => this.onAutoscaler(change),
            },
          ]
        : []),
    ];
  }

  async take(options: {
    all: boolean;
    cache: CacheState;
  }): Promise<ReadonlyMap<string, LiveRow | undefined>> {
    const rows = new Map<string, LiveRow | undefined>();
    // First what is gone: a new deployment of the same name has its key.
    for (const key of this.gone.values()) rows.set(key, undefined);
    const uids = options.all ? this.deployments.keys() : this.changed;
    for (const uid of uids) {
      const deployment = this.deployments.get(uid);
      if (!deployment) continue;
      const parts = this.index.partsOf(deployment);
      const row = this.options.rowOf(deployment, {
        parts,
        scaledBy: this.autoscalers.get(placeOf(deployment)),
        cache: options.cache,
      });
      rows.set(this.options.keyOf(deployment), row);
    }
    this.gone.clear();
    this.changed = new Set();
    return rows;
  }

  private onDeployment(change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const deployment of this.deployments.values()) this.lose(deployment);
    }
    if (!('object' in change)) return;
    const deployment: DeploymentObject = change.object;
    const uid = deployment.metadata.uid ?? '';
    if (change.type === 'DELETED') {
      this.lose(deployment);
      return;
    }
    this.deployments.set(uid, deployment);
    this.gone.delete(uid);
    this.changed.add(uid);
  }

  private lose(deployment: DeploymentObject): void {
    const uid = deployment.metadata.uid ?? '';
    this.deployments.delete(uid);
    this.gone.set(uid, this.options.keyOf(deployment));
  }

  private onPart(kind: PartKind, change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const object of this.index.all(kind)) {
        this.touch(this.index.delete(kind, object));
      }
    }
    if (!('object' in change)) return;
    const { object, type } = change;
    this.touch(
      type === 'DELETED'
        ? this.index.delete(kind, object)
        : this.index.set(kind, object),
    );
  }

  private onAutoscaler(change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const place of [...this.autoscalers.keys()]) this.setScaledBy(place);
    }
    if (!('object' in change)) return;
    const { metadata } = change.object;
    const { name } = metadata;
    const target = scaledDeployment(change.object);
    const place = `${metadata.namespace}/${target}`;
    // It may have ruled another one before.
    for (const [other, ruler] of [...this.autoscalers]) {
      const isSame =
        ruler === name && other.startsWith(`${metadata.namespace}/`);
      if (isSame && (other !== place || change.type === 'DELETED')) {
        this.setScaledBy(other);
      }
    }
    if (target !== undefined && change.type !== 'DELETED') {
      this.setScaledBy(place, name);
    }
  }

  private setScaledBy(place: string, autoscaler?: string): void {
    if (this.autoscalers.get(place) === autoscaler) return;
    if (autoscaler === undefined) this.autoscalers.delete(place);
    else this.autoscalers.set(place, autoscaler);
    for (const [uid, deployment] of this.deployments) {
      if (placeOf(deployment) === place) this.changed.add(uid);
    }
  }

  private touch(uid: string | undefined): void {
    if (uid !== undefined && this.deployments.has(uid)) this.changed.add(uid);
  }
}
