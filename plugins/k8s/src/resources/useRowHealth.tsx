import type {
  ResourceRow,
  ResourceType,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import {
  ResourceHealthLabel,
  resourceKey,
  useRollouts,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { RolloutLabel } from '../deployments/RolloutLabel';
import { DEPLOYMENTS } from '../routing/K8sLinks';

type Rollout = Schema<'Rollout'>;

type Counts = Readonly<Record<string, number>>;

/** A list as far as it was read, and what of all of it is counted. */
interface CountedList {
  rows: readonly ResourceRow[];
  total: number;
  health?: Counts;
}

/** How the objects of a kind are. */
export interface RowHealth {
  /** What fills the column of the health, and its share of the width. */
  column: Pick<ResourceColumn<ResourceRow>, 'cell' | 'weight'>;
  /** How many objects of a list are in which state, as its rows say it. */
  countsOf: (list: CountedList) => Counts | undefined;
}

/** Room for a word and a reason. */
const WEIGHT = 3.6;
/** Why a rollout is stuck takes a sentence. */
const ROLLOUT_WEIGHT = 5.5;

/** How a rollout is that is at rest, by the word that the deployment has for its own health. */
const AT_REST: Readonly<Record<string, Rollout['state']>> = {
  Available: 'complete',
  ScaledDown: 'scaledDown',
};

function rolloutOf(
  { health, deleting }: ResourceRow,
  unsettled: Rollout | undefined,
): Rollout | undefined {
  // What goes is not on its way anywhere else.
  if (deleting) return undefined;
  const state = health.word === undefined ? undefined : AT_REST[health.word];
  return unsettled ?? (state && { state });
}

/** The counts with what is stuck among what is not well; by itself its row says only that it is on its way. */
function withStuck(
  { rows, total, health }: CountedList,
  rollouts: ReadonlyMap<string, Rollout>,
): Counts | undefined {
  // Of rows that were not read it is not known.
  if (!health || rows.length < total || rollouts.size === 0) return health;
  const counts = { ...health };
  const stuck = rows.filter(
    row =>
      row.health.state === 'progressing' &&
      rolloutOf(row, rollouts.get(resourceKey(row)))?.state === 'stuck',
  ).length;
  counts.progressing = Math.max(0, (counts.progressing ?? 0) - stuck);
  counts.degraded = (counts.degraded ?? 0) + stuck;
  return counts;
}

/**
 * How the objects of a kind are, for its table. Why a rollout is stuck is known by its pods, which no row of a deployment tells of: of
 * deployments the rollouts that are not at rest are followed, too.
 */
export function useRowHealth(
  cluster: string,
  kind: ResourceType,
  options: {
    /** Empty: all. */
    namespace: string;
  },
): RowHealth {
  const isDeployment =
    kind.group === DEPLOYMENTS.group && kind.plural === DEPLOYMENTS.plural;
  const { data } = useRollouts(cluster, {
    namespace: options.namespace || undefined,
    enabled: isDeployment,
  });
  const rows = data?.rows;
  return useMemo(() => {
    const rollouts = new Map(
      rows?.map(row => [resourceKey(row), row.rollout] as const),
    );
    return {
      column: {
        weight: isDeployment ? ROLLOUT_WEIGHT : WEIGHT,
        cell: row => {
          const rollout =
            isDeployment && rolloutOf(row, rollouts.get(resourceKey(row)));
          if (rollout) return <RolloutLabel rollout={rollout} />;
          const { health, deleting } = row;
          return (
            <ResourceHealthLabel
              health={health}
              deleting={deleting}
              withReason
            />
          );
        },
      },
      countsOf: list => withStuck(list, rollouts),
    };
  }, [isDeployment, rows]);
}
