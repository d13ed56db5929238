import type { CredentialSource } from '../authentication/CredentialSource';
import type { ClusterEndpoint } from '../clusters/ClusterStore';
import { CallCounter } from './CallCounter';
import type { ClusterCalls } from './CallCounter';
import type {
  ClusterChange,
  ClusterConnection,
  ClusterConnections,
} from './ClusterConnection';
import { DefaultClusterConnection } from './DefaultClusterConnection';
import { KubeAgent } from './KubeAgent';
import type { KubeAgentOptions } from './KubeAgent';

/** Where connections learn how to reach clusters and sign in to them. */
export interface AccessSource {
  /** @throws NotFoundError */
  get(id: string): Promise<{ generation: number }>;
  /** Undefined when there is no such cluster. */
  generation(id: string): number | undefined;
  /** Of one and the same generation. @throws NotFoundError, ServiceUnavailableError */
  access(id: string): {
    cluster: { generation: number; endpoint: ClusterEndpoint };
    credentials: CredentialSource;
  };
  /** Told of each change; returns how to stop it. */
  onChange(listener: (change: ClusterChange) => void): () => void;
}

/** Told of what does not matter to any request, as a constant message with details. */
export type WarningListener = (
  message: string,
  details: Record<string, string>,
) => void;

/** The connections, made when first asked for, kept until their cluster has another generation or is gone. */
export class DefaultClusterConnections implements ClusterConnections {
  readonly #store: AccessSource;
  readonly #network: KubeAgentOptions;
  readonly #warn: WarningListener;
  readonly #open = new Map<string, DefaultClusterConnection>();
  readonly #circuitListeners = new Set<(clusterId: string) => void>();
  readonly #calls = new CallCounter({ now: () => Date.now() });

  constructor(options: {
    store: AccessSource;
    network: KubeAgentOptions;
    onWarning: WarningListener;
  }) {
    this.#store = options.store;
    this.#network = options.network;
    this.#warn = options.onWarning;
    // First of all listeners: the others find the new connection, or none.
    this.#store.onChange(change => this.#drop(change));
  }

  async get(clusterId: string): Promise<ClusterConnection> {
    const { generation } = await this.#store.get(clusterId);
    const known = this.#open.get(clusterId);
    if (known?.generation === generation) return known;
    const { cluster, credentials } = this.#store.access(clusterId);
    const connection = new DefaultClusterConnection({
      cluster: clusterId,
      generation: cluster.generation,
      agent: new KubeAgent(
        { endpoint: cluster.endpoint, credentials },
        this.#network,
      ),
      onCircuit: () => this.#circuitListeners.forEach(tell => tell(clusterId)),
      onCall: () => this.#calls.count(clusterId),
    });
    if (known) this.#close(known);
    this.#open.set(clusterId, connection);
    return connection;
  }

  onChange(listener: (change: ClusterChange) => void): () => void {
    return this.#store.onChange(listener);
  }

  onCircuit(listener: (clusterId: string) => void): () => void {
    this.#circuitListeners.add(listener);
    return () => this.#circuitListeners.delete(listener);
  }

  /** The requests that were sent over these connections. */
  calls(): ClusterCalls[] {
    return this.#calls.calls();
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(each => each.close()));
    this.#open.clear();
  }

  /** Closes the connection when the cluster is gone or of another generation by now. */
  #drop({ cluster, action }: ClusterChange) {
    if (action === 'removed') this.#calls.forget(cluster);
    const connection = this.#open.get(cluster);
    if (!connection) return;
    const isCurrent =
      action === 'upserted' &&
      this.#store.generation(cluster) === connection.generation;
    if (isCurrent) return;
    this.#open.delete(cluster);
    this.#close(connection);
  }

  #close(connection: DefaultClusterConnection) {
    connection.close().catch(error => {
      this.#warn('A connection cannot be closed', {
        cluster: connection.cluster,
        error: String(error),
      });
    });
  }
}
