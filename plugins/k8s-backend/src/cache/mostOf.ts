import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';

// Events are many and soon forgotten; a page shows the newest few hundred.
const MOST_EVENTS = 5_000;

/** How many objects of a kind are kept, the newest; undefined: all. */
export function mostOf({ plural }: ResourceType): number | undefined {
  return plural === 'events' ? MOST_EVENTS : undefined;
}
