/**
 * The one table of what can be done to objects of any kind besides changing their fields: what each action sends to the API
 * server. Every one is a patch of the live object, so that what it says nothing of stays. Which kind has which action is in
 * the table of kinds.
 */
import { ConflictError, InputError } from '@backstage/errors';
import {
  ANNOTATION_CHANGE_CAUSE,
  ANNOTATION_RESTARTED_AT,
} from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
  ResourcePatch,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { readVersions, rollbackPatch } from './history';

/** Actions that are a patch of the object. */
export type PatchAction =
  | 'scale'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'suspend'
  | 'unsuspend'
  | 'rollback';

/** What an action is told besides the object. */
export interface ActionOptions {
  reference: ObjectReference;
  /** Of `scale`. */
  replicas?: number;
  /** Of `rollback`. */
  revision?: number;
  /** Name of the HorizontalPodAutoscaler that rules its replicas. */
  scaledBy?: string;
  resources: ResourceReader;
  context: RequestContext;
  /** Milliseconds since 1970. */
  now: () => number;
}

type BuildPatch = (
  live: KubernetesObject,
  options: ActionOptions,
) => ResourcePatch | Promise<ResourcePatch>;

const setSpec =
  (fields: Record<string, unknown>): BuildPatch =>
  () => ({ spec: fields });

/** Only the number of replicas. */
const scale: BuildPatch = (_, { reference, replicas, scaledBy }) => {
  if (replicas === undefined) throw new InputError('scale needs replicas');
  if (scaledBy !== undefined) {
    throw new ConflictError(
      `The HorizontalPodAutoscaler ${scaledBy} rules the replicas of ${reference.name}: change its limits instead`,
    );
  }
  return { spec: { replicas } };
};

/** What `kubectl rollout restart` does. */
const restart: BuildPatch = (_, { now }) => {
  const restartedAt = new Date(now()).toISOString();
  return {
    metadata: {
      annotations: { [ANNOTATION_CHANGE_CAUSE]: `restarted at ${restartedAt}` },
    },
    spec: {
      template: {
        metadata: { annotations: { [ANNOTATION_RESTARTED_AT]: restartedAt } },
      },
    },
  };
};

const rollback: BuildPatch = async (live, options) => {
  const { revision, reference, resources, context } = options;
  if (revision === undefined) throw new InputError('rollback needs revision');
  const versions = await readVersions(resources, { reference, live, context });
  return rollbackPatch(live, { revision, versions });
};

/** Action to the patch that it is. */
export const OBJECT_ACTIONS: Readonly<Record<PatchAction, BuildPatch>> = {
  scale,
  restart,
  pause: setSpec({ paused: true }),
  resume: setSpec({ paused: false }),
  suspend: setSpec({ suspend: true }),
  unsuspend: setSpec({ suspend: false }),
  rollback,
};
