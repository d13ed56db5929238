/**
 * Keeps the catalog's entities of clusters like the registry. What is registered is always read again as a whole: an event
 * says only that it is time to, so that events may be missed, repeated or overtake each other. The catalog itself writes
 * only what differs.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ApiEntity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';
import { clusterEntity } from './clusterEntity';
import type { ClusterReader } from './ClusterReader';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Provides a `Resource` of each registered cluster, and the `API`. */
export class ClusterEntityProvider implements EntityProvider {
  readonly #reader: ClusterReader;
  readonly #logger: LoggerService;
  readonly #api: ApiEntity;
  readonly #defaultOwner: string;
  readonly #stop = new AbortController();
  readonly #retry = retry(handleAll, {
    backoff: new ExponentialBackoff({
      initialDelay: FIRST_RETRY_MS,
      maxDelay: LAST_RETRY_MS,
    }),
  });
  #connection?: EntityProviderConnection;
  #isWanted = false;
  #isRunning = false;

  constructor(options: {
    reader: ClusterReader;
    logger: LoggerService;
    api: ApiEntity;
    defaultOwner: string;
  }) {
    this.#reader = options.reader;
    this.#logger = options.logger;
    this.#api = options.api;
    this.#defaultOwner = options.defaultOwner;
    this.#retry.onFailure(({ reason }) => {
      if (!('error' in reason)) return;
      const { error } = reason;
      const cause = error instanceof ResponseError ? error.cause : error;
      this.#logger.warn('The clusters could not be read for the catalog', {
        cause: cause.message,
      });
    });
  }

  getProviderName(): string {
    return 'k8s';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    this.requestSync();
  }

  /**
   * Has the catalog catch up soon, trying again until it succeeded. Requests during a run are answered by one more run, since
   * what that one read may be older than the request.
   */
  requestSync(): void {
    this.#isWanted = true;
    if (!this.#connection || this.#isRunning) return;
    this.#isRunning = true;
    this.#run(this.#connection);
  }

  /** Ends trying again. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(connection: EntityProviderConnection): Promise<void> {
    const { signal } = this.#stop;
    try {
      while (this.#isWanted && !signal.aborted) {
        await this.#retry.execute(() => {
          this.#isWanted = false;
          return this.#sync(connection);
        }, signal);
      }
    } catch {
      // Only being stopped ends the trying, and each failure was logged.
    } finally {
      this.#isRunning = false;
    }
  }

  async #sync(connection: EntityProviderConnection): Promise<void> {
    const clusters = await this.#reader.read();
    const defaultOwner = this.#defaultOwner;
    const entities = clusters.map(cluster =>
      clusterEntity(cluster, { defaultOwner }),
    );
    await connection.applyMutation({
      type: 'full',
      entities: [this.#api, ...entities].map(entity => ({
        entity,
        locationKey: this.getProviderName(),
      })),
    });
  }
}
