import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { ClusterConnections } from '../connection/ClusterConnection';
import { MAX_LASTING_CONNECTIONS } from '../connection/KubeAgent';
import { TooManyRequestsError } from '../errors/statusErrors';
import type { ContextConnections } from '../impersonation/ContextConnections';
import { PodLogReading } from './PodLogReading';
import type { LogEvent, LogsQuery, PodLogs } from './PodLogs';

/** Reads logs from API servers; which pods there are it learns from the reader. */
export class LivePodLogs implements PodLogs {
  readonly #connections: ContextConnections;
  readonly #onCircuit: ClusterConnections['onCircuit'];
  readonly #reader: ResourceReader;
  /** Logs that are read now, by cluster. */
  readonly #open = new Map<string, number>();

  constructor(options: {
    connections: ContextConnections;
    /** Told when a cluster stops answering or answers again; returns how to stop it. */
    onCircuit: ClusterConnections['onCircuit'];
    reader: ResourceReader;
  }) {
    this.#connections = options.connections;
    this.#onCircuit = options.onCircuit;
    this.#reader = options.reader;
  }

  async open(
    query: LogsQuery,
    { context }: { context: RequestContext },
  ): Promise<AsyncIterable<LogEvent>> {
    const { cluster } = query;
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    try {
      const connection = await this.#connections.get(cluster, context);
      const reading = new PodLogReading(query, {
        connection,
        reader: this.#reader,
        context: { ...context, signal },
        enter: () => this.#enter(cluster),
      });
      await reading.begin();
      const stopCircuit = this.#onCircuit(id => {
        if (id === cluster && connection.state().circuit === 'open') {
          reading.end('clusterAway');
        }
      });
      signal.addEventListener('abort', stopCircuit, { once: true });
      return this.#events(reading, { signal, stop });
    } catch (error) {
      stop.abort();
      throw error;
    }
  }

  async *#events(
    reading: PodLogReading,
    options: { signal: AbortSignal; stop: AbortController },
  ): AsyncGenerator<LogEvent> {
    try {
      yield* reading.events(options.signal);
    } finally {
      options.stop.abort();
    }
  }

  /** Each takes a connection, and more than there are would wait for each other. @throws TooManyRequestsError */
  #enter(cluster: string): () => void {
    const open = this.#open.get(cluster) ?? 0;
    if (open >= MAX_LASTING_CONNECTIONS) {
      throw new TooManyRequestsError(
        'Too many logs of this cluster are read at once; try again soon',
      );
    }
    this.#open.set(cluster, open + 1);
    return () => {
      const left = (this.#open.get(cluster) ?? 1) - 1;
      if (left > 0) this.#open.set(cluster, left);
      else this.#open.delete(cluster);
    };
  }
}
