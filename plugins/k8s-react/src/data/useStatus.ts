import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';

type Status = Schema<'InstallationStatus'>;

function isBuilding(status: Status): boolean {
  return status.developmentClusters.some(({ state }) => state !== 'ready');
}

/** What an administrator has to know of the installation, and the clusters that the development portal is building. @public */
export function useStatus() {
  return useLiveQuery<Status>({
    queryKey: queryKeys.status,
    read: async ({ client }, signal) =>
      unwrap(await client.GET('/status', { signal })),
    topic: { topic: 'clusters' },
    // Only what is being built changes while the portal runs; its steps come as events of the clusters.
    apply: data => ({ data, readAgain: isBuilding(data) }),
  });
}
