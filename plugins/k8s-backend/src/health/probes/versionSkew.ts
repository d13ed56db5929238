/**
 * Whether the nodes' versions go with the API server's.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/#kubelet
 */
import type { HealthComponent } from '../HealthCheck';
import type { NodeSight } from './probeNodes';

/** Minor versions that a kubelet may be behind; since 1.28 three, before two. */
const MAX_BEHIND = 3;
const MAX_BEHIND_BEFORE_1_28 = 2;
const SOURCE = '/version and the nodes';

function minorOf(version: string): number | undefined {
  const [, minor] = /^v?\d+\.(\d+)/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

/** Compares the kubelets' versions with the API server's. */
export function versionSkew(
  version: string,
  options: { nodes: readonly NodeSight[]; now: Date },
): HealthComponent {
  const component = (
    status: HealthComponent['status'],
    message: string,
    namingMessage?: string,
  ): HealthComponent => ({
    name: 'versions',
    source: SOURCE,
    status,
    message,
    ...(namingMessage !== undefined && { namingMessage }),
    seen: options.now.toISOString(),
  });
  const degraded = (node: NodeSight, is: string) => {
    const words = `(${node.version}) is ${is}`;
    const { name } = node;
    return component(
      'degraded',
      `A node ${words}`,
      `The node ${name} ${words}`,
    );
  };
  const server = minorOf(version);
  if (server === undefined) {
    return component('unknown', 'The version of the API server is not known');
  }
  const allowed = server < 28 ? MAX_BEHIND_BEFORE_1_28 : MAX_BEHIND;
  const behind = options.nodes.map(node => ({
    node,
    by: server - (minorOf(node.version) ?? server),
  }));
  const newer = behind.find(({ by }) => by < 0);
  if (newer) {
    return degraded(
      newer.node,
      `newer than the API server (${version}), which is not supported`,
    );
  }
  const older = behind.find(({ by }) => by > allowed);
  if (older) {
    return degraded(
      older.node,
      `${older.by} minor versions behind the API server (${version}); at most ${allowed} are supported`,
    );
  }
  return component('healthy', `API server ${version}`);
}
