import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { controllerUid } from './WorkloadObjects';
import type {
  DeploymentObject,
  EventObject,
  PodObject,
  ReplicaSetObject,
} from './WorkloadObjects';

/** What belongs to a deployment. */
export interface DeploymentParts {
  replicaSets: ReplicaSetObject[];
  pods: PodObject[];
  /** About the deployment, its ReplicaSets or its pods. */
  events: EventObject[];
}

/** Objects by the UID of another one that they belong to. */
class Children<T extends KubernetesObject> {
  private readonly byParent = new Map<string, Map<string, T>>();
  private readonly parents = new Map<string, string>();

  constructor(private readonly parentOf: (object: T) => string | undefined) {}

  /** Answers the UID of the object's parent. */
  set(object: T): string | undefined {
    const uid = object.metadata.uid ?? '';
    const parent = this.parentOf(object);
    if (this.parents.get(uid) !== parent) this.delete(object);
    if (parent === undefined) return undefined;
    this.parents.set(uid, parent);
    const siblings = this.byParent.get(parent);
    if (siblings) siblings.set(uid, object);
    else this.byParent.set(parent, new Map([[uid, object]]));
    return parent;
  }

  delete(object: T): string | undefined {
    const uid = object.metadata.uid ?? '';
    const parent = this.parents.get(uid);
    if (parent === undefined) return undefined;
    this.parents.delete(uid);
    const siblings = this.byParent.get(parent);
    siblings?.delete(uid);
    if (siblings?.size === 0) this.byParent.delete(parent);
    return parent;
  }

  of(parent: string): T[] {
    return [...(this.byParent.get(parent)?.values() ?? [])];
  }

  parent(uid: string): string | undefined {
    return this.parents.get(uid);
  }

  all(): T[] {
    return [...this.byParent.values()].flatMap(siblings => [
      ...siblings.values(),
    ]);
  }
}

/** Which ReplicaSets, pods and events belong to which deployment; by owner references and UIDs, never by labels or names. */
export class WorkloadIndex {
  private readonly children = {
    replicasets: new Children<ReplicaSetObject>(controllerUid),
    pods: new Children<PodObject>(controllerUid),
    events: new Children<EventObject>(event => event.involvedObject?.uid),
  };

  /** Takes all objects of lists in. */
  static of(lists: {
    replicaSets: readonly KubernetesObject[];
    pods: readonly KubernetesObject[];
    events: readonly KubernetesObject[];
  }): WorkloadIndex {
    const index = new WorkloadIndex();
    for (const object of lists.replicaSets) index.set('replicasets', object);
    for (const object of lists.pods) index.set('pods', object);
    for (const object of lists.events) index.set('events', object);
    return index;
  }

  /** Takes an object in, or its new version; answers the UID of the deployment that it belongs to, where known. */
  set(kind: PartKind, object: KubernetesObject): string | undefined {
    return this.deploymentOf(kind, this.children[kind].set(object));
  }

  /** Forgets an object; answers the UID of the deployment that it belonged to, where known. */
  delete(kind: PartKind, object: KubernetesObject): string | undefined {
    return this.deploymentOf(kind, this.children[kind].delete(object));
  }

  /** Objects of a kind that belong to something. */
  all(kind: PartKind): KubernetesObject[] {
    return this.children[kind].all();
  }

  partsOf(deployment: DeploymentObject): DeploymentParts {
    const uid = deployment.metadata.uid ?? '';
    const replicaSets = this.children.replicasets.of(uid);
    const pods = replicaSets.flatMap(({ metadata }) =>
      this.children.pods.of(metadata.uid ?? ''),
    );
    const events = [deployment, ...replicaSets, ...pods].flatMap(
      ({ metadata }) => this.children.events.of(metadata.uid ?? ''),
    );
    return { replicaSets, pods, events };
  }

  private deploymentOf(
    kind: PartKind,
    parent: string | undefined,
  ): string | undefined {
    if (parent === undefined || kind === 'replicasets') return parent;
    const { replicasets, pods } = this.children;
    if (kind === 'pods') return replicasets.parent(parent);
    // An event may be about any of the three.
    const pod = pods.parent(parent);
    if (pod !== undefined) return replicasets.parent(pod);
    return replicasets.parent(parent) ?? parent;
  }
}

/** Plural of a kind that belongs to deployments. */
export type PartKind = 'replicasets' | 'pods' | 'events';
