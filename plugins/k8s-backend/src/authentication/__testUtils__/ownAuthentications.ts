import type { ClusterAuthenticationStrategy } from '@backstage-k8s/plugin-k8s-node';
import { ClusterAuthentications } from '../ClusterAuthentications';

/** Our own ways to sign in, and those that a test adds. */
export function ownAuthentications(
  strategies: readonly ClusterAuthenticationStrategy[] = [],
): ClusterAuthentications {
  return new ClusterAuthentications({
    strategies,
    logger: { warn: () => {} },
    now: () => Date.now(),
  });
}
