/**
 * The versions that a workload can be rolled back to. Deployments keep theirs as ReplicaSets, StatefulSets and DaemonSets as
 * ControllerRevisions; both hold the whole pod template that was.
 */
import { NotFoundError } from '@backstage/errors';
import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  JsonPatchStep,
  ObjectReference,
  RequestContext,
  ResourcePatch,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { changeCause } from './changeCause';
import { CONTROLLER_REVISIONS, REPLICA_SETS } from './ResourceKinds';
import { revisionOf } from './rollout';
import { controllerUid } from './WorkloadObjects';
import type { PodTemplate, ReplicaSetObject } from './WorkloadObjects';

/** Put on the pods of each ReplicaSet by the deployment controller; no part of the template that a revision had. */
const LABEL_POD_TEMPLATE_HASH = 'pod-template-hash';

/** A ControllerRevision; `data` is a strategic merge patch of the workload. */
interface ControllerRevisionObject extends KubernetesObject {
  revision?: number;
  data?: { spec?: { template?: PodTemplate & { $patch?: string } } };
}

/** A version of a workload. */
export interface WorkloadVersion {
  revision: number;
  /** It is what the workload has now. */
  current: boolean;
  template: PodTemplate;
  /** The object that keeps it. */
  origin: KubernetesObject;
}

interface HistoryKind {
  keptAs: ResourceType & { version: string };
  versionOf(
    origin: KubernetesObject,
  ): { revision: number; template: PodTemplate } | undefined;
  /** Absent: the newest one is the present one. */
  currentOf?(live: KubernetesObject): number | undefined;
}

const CONTROLLER_HISTORY: HistoryKind = {
  keptAs: CONTROLLER_REVISIONS,
  versionOf: ({ revision, data }: ControllerRevisionObject) => {
    const template = data?.spec?.template;
    if (typeof revision !== 'number' || !template) return undefined;
    const { $patch: _, ...rest } = template;
    return { revision, template: rest };
  },
};

/** By plural and group; a new kind is a line. */
const HISTORIES: Readonly<Record<string, HistoryKind>> = {
  'deployments.apps': {
    keptAs: REPLICA_SETS,
    versionOf: (replicaSet: ReplicaSetObject) => {
      const revision = revisionOf(replicaSet);
      return revision === undefined
        ? undefined
        : { revision, template: templateOf(replicaSet) };
    },
    currentOf: revisionOf,
  },
  'statefulsets.apps': CONTROLLER_HISTORY,
  'daemonsets.apps': CONTROLLER_HISTORY,
};

const historyOf = ({ plural, group }: ResourceType) =>
  HISTORIES[`${plural}.${group}`];

/** The pod template of a ReplicaSet as its deployment had it. */
function templateOf(replicaSet: ReplicaSetObject): PodTemplate {
  const { metadata, ...template } = replicaSet.spec?.template ?? {};
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...labels } = metadata?.labels ?? {};
  return { metadata: { ...metadata, labels }, ...template };
}

/** The versions of a workload, newest first, by the objects that keep them. */
export function versionsOf(
  type: ResourceType,
  live: KubernetesObject,
  kept: readonly KubernetesObject[],
): WorkloadVersion[] {
  const history = historyOf(type);
  const versions = kept.flatMap(origin => {
    const version = history?.versionOf(origin);
    return version ? [{ ...version, origin }] : [];
  });
  versions.sort((one, other) => other.revision - one.revision);
  const current = history?.currentOf
    ? history.currentOf(live)
    : versions[0]?.revision;
  return versions.map(version => ({
    ...version,
    current: version.revision === current,
  }));
}

/** The versions of a workload, newest first; none for a kind that keeps none. */
export async function readVersions(
  resources: ResourceReader,
  options: {
    reference: ObjectReference;
    live: KubernetesObject;
    context: RequestContext;
  },
): Promise<WorkloadVersion[]> {
  const { reference, live, context } = options;
  const history = historyOf(reference);
  const { uid } = live.metadata;
  if (!history || uid === undefined) return [];
  const { cluster, namespace } = reference;
  const { items } = await resources.list(
    { ...history.keptAs, cluster, namespace, ownerUids: [uid] },
    { context },
  );
  const kept = items.filter(item => controllerUid(item) === uid);
  return versionsOf(reference, live, kept);
}

/**
 * The whole pod template of a version. Of the present one it is the template as it is: a repeated roll-back is a success that
 * changes nothing.
 *
 * @throws NotFoundError that lists the revisions when there is none of that number
 */
export function rollbackPatch(
  live: KubernetesObject,
  options: { revision: number; versions: readonly WorkloadVersion[] },
): ResourcePatch {
  const { revision, versions } = options;
  const found = versions.find(version => version.revision === revision);
  if (!found) {
    const revisions = versions.map(version => version.revision).reverse();
    throw new NotFoundError(
      `${live.metadata.name} has no revision ${revision}; ${
        revisions.length > 0
          ? `its revisions are ${revisions.join(', ')}`
          : 'it has none yet'
      }`,
    );
  }
  const step: JsonPatchStep = {
    op: 'replace',
    path: '/spec/template',
    value: found.template,
  };
  return [
    step,
    ...(found.current
      ? []
      : changeCause(live, `roll-back to revision ${revision}`)),
  ];
}
