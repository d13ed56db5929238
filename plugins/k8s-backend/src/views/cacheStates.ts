import type { CacheState } from '@backstage-k8s/plugin-k8s-node';

const ORDER: CacheState['state'][] = ['live', 'syncing', 'stale'];

/** How fresh an answer is that was made from several: as the least fresh of them. None: live. */
export function leastFresh(states: readonly CacheState[]): CacheState {
  return states.reduce<CacheState>(
    (worst, state) => {
      const difference =
        ORDER.indexOf(state.state) - ORDER.indexOf(worst.state);
      const isOlder = (state.asOf ?? '') < (worst.asOf ?? '');
      return difference > 0 || (difference === 0 && isOlder) ? state : worst;
    },
    { state: 'live' },
  );
}
