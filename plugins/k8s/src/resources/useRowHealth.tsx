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
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { RolloutLabel } from '../deployments/RolloutLabel';
import { DEPLOYMENTS } from '../routing/K8sLinks';

type Rollout = Schema<'Rollout'>;

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
): (row: ResourceRow) => ReactNode {
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
    return row => {
      const rollout =
        isDeployment && rolloutOf(row, rollouts.get(resourceKey(row)));
      if (rollout) return <RolloutLabel rollout={rollout} />;
      const { health, deleting } = row;
      return (
        <ResourceHealthLabel health={health} deleting={deleting} withReason />
      );
    };
  }, [isDeployment, rows]);
}
