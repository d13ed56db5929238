import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useClusters } from '@backstage-k8s/plugin-k8s-react';
import type { AskedCluster } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';

/** A cluster that was asked, with what else is known of it. */
export type ServiceCluster = AskedCluster &
  Partial<Pick<Schema<'Cluster'>, 'protected' | 'skipTlsVerify'>>;

/** The clusters that were asked, by id, with their protection. */
export function useServiceClusters(
  asked: readonly AskedCluster[] | undefined,
): ReadonlyMap<string, ServiceCluster> {
  const { data } = useClusters();
  return useMemo(
    () =>
      new Map(
        asked?.map(cluster => {
          const known = data?.find(({ id }) => id === cluster.id);
          return [
            cluster.id,
            {
              ...cluster,
              protected: known?.protected,
              skipTlsVerify: known?.skipTlsVerify,
            },
          ];
        }),
      ),
    [asked, data],
  );
}
