import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { K8sApi } from '../api/K8sApi';

/** How a change ended. @public */
export interface ChangeOutcome {
  /** `deployed`, `pending`, `failed` for a rollout, else `done`. */
  status: 'done' | 'deployed' | 'pending' | 'failed';
  /** Why it is pending or failed. */
  reason?: string;
}

/** What a change would do on each of many clusters, as the REST API answers it. @public */
export type ClusterPlans = Schema<'ChangeOfClusters'>;

/** The same change on every cluster that has the object. @public */
export interface ChangeEverywhere {
  /** Whether that is what the dialog begins with; else it is offered. */
  isChosen?: boolean;
  /** What it would do on each. */
  dryRun: (api: K8sApi) => Promise<ClusterPlans>;
  /** Does it on one of them; `cluster` is its id. */
  run: (
    api: K8sApi,
    options: { cluster: string; idempotencyKey: string },
  ) => Promise<ChangeOutcome>;
  /** How the object is on a cluster after that; live. */
  after?: (cluster: string) => ReactNode;
  /** Whether a cluster asks for the typed name. */
  isProtected: (cluster: string) => boolean;
}

/** A change that somebody is about to make; what {@link PlanDialog} leads through. @public */
export interface PlannedChange {
  /** Verb and object, e.g. `Restart payments`. */
  title: string;
  /** What the button says that does it, e.g. `Restart`. */
  verb: string;
  target: {
    cluster: { id: string; name: string; protected?: boolean };
    namespace?: string;
    /** What is typed to confirm, where that is asked for. */
    name: string;
  };
  /** Whether it cannot be undone: its name has to be typed. */
  destructive?: boolean;
  /** What it does, in a sentence; shown at the check. */
  description?: ReactNode;
  /** What has to be chosen first; absent: the dialog starts at the check. */
  form?: ReactNode;
  /** The form needs the room of a page. */
  isWide?: boolean;
  /** Why the form is not complete yet. */
  incomplete?: string;
  /** More to know or to choose, shown with what it would do. */
  beside?: ReactNode;
  /** It cannot be done as it is planned, e.g. while others own what it changes. */
  blocked?: boolean;
  /** What the change is, for the same `Idempotency-Key` when it is tried again. */
  input: unknown;
  /** What it would do; absent: the API has no dry run of it. */
  dryRun?: (api: K8sApi) => Promise<Schema<'Plan'> | undefined>;
  /** Does it. */
  run: (
    api: K8sApi,
    options: { idempotencyKey: string },
  ) => Promise<ChangeOutcome>;
  /** Absent: it makes sense for the one cluster only. */
  everywhere?: ChangeEverywhere;
  /** What has to be read again afterwards. */
  changes: readonly QueryKey[];
  /** Shown while it runs and after it: how far it is. */
  progress?: ReactNode;
}
