import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { ClusterChange } from '../connection/ClusterConnection';
import { RowMirror } from '../database/RowMirror';
import type { RowChange } from '../database/RowMirror';
import type {
  StoredAuthentication,
  ClusterStore,
  NewCluster,
  RegisteredCluster,
} from './ClusterStore';
import type { CredentialCipher } from './CredentialCipher';
import type {
  ClusterRecord,
  DatabaseClusterStore,
} from './DatabaseClusterStore';

/** Milliseconds after which an instance has seen what another changed, at the latest. */
const POLL_INTERVAL_MS = 2_000;

/** The clusters in memory, credentials sealed; changes go to the database first. */
export class CachedClusterStore implements ClusterStore {
  readonly #records: DatabaseClusterStore;
  readonly #cipher: CredentialCipher;
  readonly #mirror: RowMirror<ClusterRecord>;
  readonly #listeners = new Set<(change: ClusterChange) => void>();

  constructor(options: {
    records: DatabaseClusterStore;
    cipher: CredentialCipher;
    logger: LoggerService;
  }) {
    this.#records = options.records;
    this.#cipher = options.cipher;
    this.#mirror = new RowMirror({
      source: options.records,
      logger: options.logger,
      table: 'clusters',
      onChange: changes => this.#tell(changes),
    });
  }

  /** Reads the clusters and follows them. @throws the database's error */
  async start(): Promise<void> {
    await this.#mirror.refresh();
    this.#mirror.start(POLL_INTERVAL_MS);
  }

  /** Stops following. */
  stop(): void {
    this.#mirror.stop();
  }

  /** Something may have changed: look now. What fails is looked at again by itself. */
  async hint(): Promise<void> {
    await this.#mirror.refresh().catch(() => undefined);
  }

  /** Told of each change on any instance, in the order of registration; returns how to stop it. */
  onChange(listener: (change: ClusterChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async list(): Promise<RegisteredCluster[]> {
    return [...this.#mirror.rows.values()].map(({ cluster }) => cluster);
  }

  async get(id: string): Promise<RegisteredCluster> {
    return this.#record(id).cluster;
  }

  /** The cluster's generation; undefined when there is no such cluster. */
  generation(id: string): number | undefined {
    return this.#mirror.rows.get(id)?.cluster.generation;
  }

  /** The cluster and its credential, of one and the same generation. @throws NotFoundError, ServiceUnavailableError */
  access(id: string): {
    cluster: RegisteredCluster;
    credential: StoredAuthentication;
  } {
    const { cluster, sealed } = this.#record(id);
    return { cluster, credential: this.#cipher.open(sealed, cluster) };
  }

  async findByMarker(marker: string): Promise<RegisteredCluster | undefined> {
    return (await this.#records.findByMarker(marker))?.cluster;
  }

  async add(
    cluster: NewCluster,
    credential: StoredAuthentication,
    options: { marker?: string },
  ): Promise<RegisteredCluster> {
    const sealed = this.#cipher.seal(credential, cluster);
    // The times are the database's and read back below.
    const first = { generation: 1, revision: 1, createdAt: '', updatedAt: '' };
    await this.#records.insert(
      { cluster: { ...cluster, ...first }, sealed },
      options,
    );
    return this.#readBack(cluster.id);
  }

  async update(
    cluster: RegisteredCluster,
    credential?: StoredAuthentication,
  ): Promise<RegisteredCluster> {
    const record = credential
      ? {
          cluster: { ...cluster, generation: cluster.generation + 1 },
          sealed: this.#cipher.seal(credential, cluster),
        }
      : {
          cluster: {
            ...cluster,
            endpoint: this.#record(cluster.id).cluster.endpoint,
          },
          sealed: this.#record(cluster.id).sealed,
        };
    await this.#records.update(record);
    return this.#readBack(cluster.id);
  }

  async remove(id: string): Promise<void> {
    await this.#records.remove(id);
    await this.#mirror.refresh();
  }

  #record(id: string): ClusterRecord {
    const record = this.#mirror.rows.get(id);
    if (!record) throw clusterNotFound(id);
    return record;
  }

  async #readBack(id: string): Promise<RegisteredCluster> {
    await this.#mirror.refresh();
    return this.#record(id).cluster;
  }

  #tell(changes: RowChange<ClusterRecord>[]) {
    for (const { id, row } of changes) {
      const action = row ? 'upserted' : 'removed';
      for (const tell of this.#listeners) tell({ cluster: id, action });
    }
  }
}

/** The same words for a cluster that does not exist and one that may not be seen. */
export function clusterNotFound(id: string): NotFoundError {
  return new NotFoundError(`There is no cluster with the id '${id}'`);
}
