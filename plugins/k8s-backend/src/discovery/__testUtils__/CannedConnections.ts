import { NotFoundError } from '@backstage/errors';
import type {
  ClusterChange,
  ClusterConnection,
  ClusterConnections,
  KubeRequest,
  KubeResponse,
} from '../../connection/ClusterConnection';

/** Answers a request with a document, or throws. */
export type Answer = (request: KubeRequest) => unknown;

/** Connections whose answers a test has thought out. What an API server does is tested against a real one. */
export class CannedConnections implements ClusterConnections {
  readonly requests: KubeRequest[] = [];
  readonly #listeners = new Set<(change: ClusterChange) => void>();
  readonly #answer: Answer;
  generation = 1;
  /** Awaited before each answer. */
  gate: Promise<void> = Promise.resolve();

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async get(cluster: string): Promise<ClusterConnection> {
    if (cluster !== 'c1') throw new NotFoundError(`No cluster ${cluster}`);
    const connection: Pick<
      ClusterConnection,
      'cluster' | 'generation' | 'request'
    > = {
      cluster,
      generation: this.generation,
      request: async request => {
        this.requests.push(request);
        await this.gate;
        const document = this.#answer(request);
        const answer: Pick<KubeResponse, 'json'> = {
          json: async <T>() => document as T,
        };
        return answer as KubeResponse;
      },
    };
    return connection as ClusterConnection;
  }

  onChange(listener: (change: ClusterChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onCircuit(): () => void {
    return () => {};
  }

  change(change: ClusterChange): void {
    this.#listeners.forEach(tell => tell(change));
  }

  /** Requests of a path. */
  count(path: string): number {
    return this.requests.filter(request => request.path === path).length;
  }
}
