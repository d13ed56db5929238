import { kindName } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';

/** For people: why the rows of a kind do not follow its changes, which its API has no watch for. */
export function notWatched(type: ResourceType): string {
  return `The cluster does not tell changes of ${kindName(
    type,
  )}; what is shown is as it was when it was read`;
}
