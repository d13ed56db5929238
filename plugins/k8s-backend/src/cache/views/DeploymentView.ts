import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { deploymentRow } from '../../views/deploymentRow';
import { scaledDeployment } from '../../workloads/autoscalers';
import {
  deploymentDetail,
  serviceDeployment,
} from '../../workloads/deploymentDetail';
import { podStatus } from '../../workloads/podStatus';
import { PODS } from '../../workloads/ResourceKinds';
import { restingRollout } from '../../workloads/rollout';
import { rolloutRow } from '../../workloads/rolloutRow';
import { controllerUid } from '../../workloads/WorkloadObjects';
import type {
  DeploymentObject,
  DeploymentParts,
} from '../../workloads/WorkloadObjects';
import type { Row } from '../Row';
import { uidOf } from './rowKeys';
import type { ViewDefinition, ViewParts, ViewRows } from './ViewRows';

/** What the view is made of; events and autoscalers only say more. */
export type DeploymentPart =
  | 'deployments'
  | 'replicasets'
  | 'pods'
  | 'events'
  | 'autoscalers';

/**
 * What is told of each: a row of a list, all that belongs to it, with or without its spec, or only how its rollout is; `unsettled`: that
 * only of those that are not at rest, nothing of the others.
 */
type Shape = 'list' | 'detail' | 'service' | 'rollout' | 'unsettled';

/** Shapes of which pages show all deployments of a cluster. */
const OF_ALL: readonly Shape[] = ['list', 'unsettled'];

type ChildPart = 'replicasets' | 'pods' | 'events';

/** Objects by uid, each in the version that it was read in: of an object that did not change the body is not unpacked again. */
type Objects = Map<string, { version?: string; object: KubernetesObject }>;

type DeploymentRollout = Schema<'DeploymentRollout'>;

/** Rows of what belongs to a deployment. */
interface Children {
  replicasets: Row[];
  pods: Row[];
  events: Iterable<Row>;
}

const NO_PARTS: DeploymentParts = { replicaSets: [], pods: [], events: [] };
/** Where the row of a pod says how often its containers were started again. */
const RESTARTS = (columnsOf(PODS) ?? []).findIndex(
  ({ id }) => id === 'restarts',
);

/** Whether it has what it wants, by its own row. */
const isWell = ({ content }: Row) => content.health.state === 'healthy';

const placeOf = ({ metadata }: Row) => `${metadata.namespace}/${metadata.name}`;

class DeploymentView implements ViewRows<DeploymentPart> {
  readonly #cluster: string;
  readonly #parts: ViewParts<DeploymentPart>;
  readonly #now: () => number;
  readonly #shape: Shape;
  readonly #deployments = new Map<string, Row>();
  /** Uid of the deployment that a ReplicaSet or pod belongs to, by its own. */
  readonly #homes = new Map<string, string>();
  readonly #objects = new Map<string, Objects>();
  /** Uids of deployments. */
  #changed = new Set<string>();
  /** Uids of those that are on their way, or should be: how long that takes is part of how they are. */
  readonly #restless = new Set<string>();
  /** Keys, by uid. */
  readonly #gone = new Map<string, string>();
  /** What autoscalers rule, by their uid. */
  readonly #scaled = new Map<string, { place: string; by: string }>();

  constructor(options: {
    cluster: string;
    parts: ViewParts<DeploymentPart>;
    now: () => number;
    shape: Shape;
  }) {
    this.#cluster = options.cluster;
    this.#parts = options.parts;
    this.#now = options.now;
    this.#shape = options.shape;
  }

  changed(part: DeploymentPart, row: Row): void {
    if (part === 'deployments') this.#keep(row);
    else if (part === 'autoscalers') this.#scale(row);
    else this.#touch(row);
  }

  deleted(part: DeploymentPart, row: Row): void {
    if (part === 'deployments') this.#lose(row);
    else if (part === 'autoscalers') this.#unscale(row);
    else {
      this.#touch(row);
      this.#homes.delete(uidOf(row));
    }
  }

  aged(): boolean {
    for (const uid of this.#restless) this.#changed.add(uid);
    return this.#restless.size > 0;
  }

  *take({
    all,
    cache,
  }: {
    all: boolean;
    cache: CacheState;
  }): Iterable<[string, object | undefined]> {
    if (all) this.#readAll();
    const gone = [...this.#gone.values()];
    const changed = [...this.#changed];
    this.#gone.clear();
    this.#changed = new Set();
    // First what is gone: a new deployment of the same name has its key.
    for (const key of gone) yield [key, undefined];
    for (const uid of changed) {
      const row = this.#deployments.get(uid);
      if (row) yield [placeOf(row), this.#rowOf(row, cache)];
    }
  }

  #readAll() {
    this.#deployments.clear();
    this.#homes.clear();
    this.#scaled.clear();
    this.#restless.clear();
    this.#gone.clear();
    for (const row of this.#parts.rows('deployments')) this.#keep(row);
    if (this.#shape !== 'detail' && this.#shape !== 'service') return;
    for (const row of this.#parts.rows('autoscalers')) this.#scale(row);
  }

  #keep(row: Row) {
    const uid = uidOf(row);
    this.#deployments.set(uid, row);
    this.#gone.delete(uid);
    this.#changed.add(uid);
  }

  #lose(row: Row) {
    const uid = uidOf(row);
    if (!this.#deployments.delete(uid)) return;
    this.#objects.delete(uid);
    this.#restless.delete(uid);
    for (const [child, home] of this.#homes) {
      if (home === uid) this.#homes.delete(child);
    }
    this.#gone.set(uid, placeOf(row));
  }

  /** Marks the deployment that something belongs to, by what it is known to be owned by or about. */
  #touch(row: Row) {
    for (const uid of [uidOf(row), ...row.parents]) {
      const home = this.#deployments.has(uid) ? uid : this.#homes.get(uid);
      if (home !== undefined) this.#changed.add(home);
    }
  }

  #scale(row: Row) {
    this.#unscale(row);
    const target = scaledDeployment(this.#parts.objectOf('autoscalers', row));
    if (target === undefined) return;
    const place = `${row.metadata.namespace}/${target}`;
    this.#scaled.set(uidOf(row), { place, by: row.metadata.name ?? '' });
    this.#touchPlace(place);
  }

  #unscale(row: Row) {
    const scaled = this.#scaled.get(uidOf(row));
    if (!scaled) return;
    this.#scaled.delete(uidOf(row));
    this.#touchPlace(scaled.place);
  }

  #touchPlace(place: string) {
    for (const [uid, row] of this.#deployments) {
      if (placeOf(row) === place) this.#changed.add(uid);
    }
  }

  #rowOf(row: Row, cache: CacheState): object | undefined {
    const home = uidOf(row);
    // Of what is well nothing has to be unpacked: most of a large cluster is.
    if (this.#shape === 'unsettled' && isWell(row)) {
      this.#restless.delete(home);
      return undefined;
    }
    const before: Objects = this.#objects.get(home) ?? new Map();
    const read: Objects = new Map();
    const objectOf = (part: DeploymentPart, of: Row) => {
      const version = of.metadata.resourceVersion;
      const known = before.get(uidOf(of));
      const object =
        known?.version === version && known
          ? known.object
          : this.#parts.objectOf(part, of);
      read.set(uidOf(of), { version, object });
      return object;
    };
    const deployment: DeploymentObject = objectOf('deployments', row);
    const isResting = restingRollout(deployment) !== undefined;
    if (this.#shape === 'unsettled' && isResting) {
      this.#restless.delete(home);
      return undefined;
    }
    const children = this.#childrenOf(row);
    // Of most deployments a list says nothing that pods and events have to be unpacked for.
    const isQuiet = this.#shape === 'list' && isResting;
    const parts = isQuiet ? NO_PARTS : partsOf(children, objectOf);
    // Of a table of all deployments that would be all of their pods.
    if (!OF_ALL.includes(this.#shape)) this.#objects.set(home, read);
    const options = { cluster: this.#cluster, parts, now: this.#now() };
    const shown = deploymentRow(deployment, options);
    if (isAtRest(shown, children.pods)) this.#restless.delete(home);
    else this.#restless.add(home);
    if (isQuiet) return { ...shown, restarts: this.#restartsOf(children.pods) };
    if (this.#shape === 'list') return shown;
    if (this.#shape === 'unsettled') return rolloutOf(shown);
    if (this.#shape === 'rollout') return rolloutRow(deployment, options);
    const place = placeOf(row);
    const scaledBy = [...this.#scaled.values()].find(
      scaled => scaled.place === place,
    )?.by;
    const tell =
      this.#shape === 'service' ? serviceDeployment : deploymentDetail;
    return tell(deployment, { ...options, scaledBy, cache });
  }

  /** By owner references and uids, never by labels or names. */
  #childrenOf(row: Row): Children {
    const home = uidOf(row);
    const controlled = (part: 'replicasets' | 'pods', by: string[]) => {
      const owners = new Set(by);
      const rows = [...this.#parts.rows(part, { ownerUids: by })].filter(one =>
        owners.has(controllerUid({ metadata: one.metadata }) ?? ''),
      );
      for (const one of rows) this.#homes.set(uidOf(one), home);
      return rows;
    };
    const replicasets = controlled('replicasets', [home]);
    const pods = controlled('pods', replicasets.map(uidOf));
    const about = [row, ...replicasets, ...pods].map(uidOf);
    const events = this.#parts.rows('events', { ownerUids: about });
    return { replicasets, pods, events };
  }

  #restartsOf(pods: readonly Row[]): number {
    return pods.reduce((sum, row) => {
      const cell = row.content.cells[RESTARTS];
      if (typeof cell === 'number') return sum + cell;
      return sum + podStatus(this.#parts.objectOf('pods', row)).restarts;
    }, 0);
  }
}

function partsOf(
  { replicasets, pods, events }: Children,
  objectOf: (part: ChildPart, row: Row) => KubernetesObject,
): DeploymentParts {
  return {
    replicaSets: replicasets.map(one => objectOf('replicasets', one)),
    pods: pods.map(one => objectOf('pods', one)),
    events: [...events].map(one => objectOf('events', one)),
  };
}

function rolloutOf(deployment: Schema<'Deployment'>): DeploymentRollout {
  const { namespace, name, rollout } = deployment;
  return { namespace, name, rollout };
}

const AT_REST: readonly string[] = ['complete', 'scaledDown'];

function isAtRest(
  { rollout }: ReturnType<typeof deploymentRow>,
  pods: readonly Row[],
): boolean {
  const isGoing = pods.some(({ metadata }) => metadata.deletionTimestamp);
  return AT_REST.includes(rollout.state) && !isGoing;
}

/** Deployments by `namespace/name`. */
export function deploymentView(options: {
  shape: Shape;
}): ViewDefinition<DeploymentPart> {
  return {
    optional: ['replicasets', 'pods', 'events', 'autoscalers'],
    make: ({ cluster, parts, now }) =>
      new DeploymentView({ cluster, parts, now, ...options }),
  };
}
