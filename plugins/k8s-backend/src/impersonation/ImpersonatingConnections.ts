import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type {
  ClusterConnection,
  ClusterConnections,
} from '../connection/ClusterConnection';
import { connectionAs } from '../connection/KubeIdentity';
import type { ContextConnections } from './ContextConnections';
import type { Identities } from './Identities';

/** On clusters in impersonation mode requests are sent as their caller, on others as the portal. */
export class ImpersonatingConnections implements ContextConnections {
  readonly #connections: ClusterConnections;
  readonly #identities: Identities;

  constructor(options: {
    connections: ClusterConnections;
    identities: Identities;
  }) {
    this.#connections = options.connections;
    this.#identities = options.identities;
  }

  async get(
    cluster: string,
    context: RequestContext,
  ): Promise<ClusterConnection> {
    const connection = await this.#connections.get(cluster);
    const identity = await this.#identities.of(cluster, context);
    return identity ? connectionAs(connection, identity) : connection;
  }
}
