import { isError } from '@backstage/errors';
import type { WebSocket } from 'ws';
import { clusterFailureOf } from '../errors/clusterErrors';
import { Circuit } from './Circuit';
import type {
  ClusterConnection,
  ConnectionState,
  KubeRequest,
  KubeResponse,
  KubeSocketRequest,
} from './ClusterConnection';
import type { KubeAgent } from './KubeAgent';
import { kubeFetch } from './kubeFetch';
import { kubeSocket } from './kubeSocket';

/** The connection to one generation of a cluster; closed for good when the cluster changes or is removed. */
export class DefaultClusterConnection implements ClusterConnection {
  readonly cluster: string;
  readonly generation: number;
  readonly #agent: KubeAgent;
  readonly #circuit: Circuit;
  readonly #onCall: () => void;
  #lastSeen: Date | undefined;
  #error: string | undefined;

  constructor(options: {
    cluster: string;
    generation: number;
    agent: KubeAgent;
    /** Told when the cluster stops answering or answers again. */
    onCircuit?: () => void;
    /** Told of each request. */
    onCall?: () => void;
  }) {
    this.cluster = options.cluster;
    this.generation = options.generation;
    this.#agent = options.agent;
    this.#onCall = options.onCall ?? (() => {});
    this.#circuit = new Circuit({ onChange: options.onCircuit });
  }

  request(request: KubeRequest): Promise<KubeResponse> {
    return this.#ask(() => kubeFetch(this.#agent, request), request);
  }

  socket(request: KubeSocketRequest): Promise<WebSocket> {
    return this.#ask(() => kubeSocket(this.#agent, request));
  }

  async #ask<Answer>(
    work: () => Promise<Answer>,
    options: { probe?: boolean } = {},
  ): Promise<Answer> {
    const call = () => {
      this.#onCall();
      return work();
    };
    try {
      const answer = await this.#circuit.run(call, { probe: options.probe });
      this.#seen();
      return answer;
    } catch (error) {
      const failure = clusterFailureOf(error);
      if (failure?.status !== undefined) this.#seen();
      else if (failure && isError(error)) this.#error = error.message;
      throw error;
    }
  }

  state(): ConnectionState {
    return {
      circuit: this.#circuit.isOpen ? 'open' : 'closed',
      lastSeen: this.#lastSeen?.toISOString(),
      error: this.#error,
      serverCertificateExpiresAt:
        this.#agent.certificateExpiresAt?.toISOString(),
      credentialProblem: this.#agent.credentials.problem,
    };
  }

  /** Ends all its requests. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  #seen() {
    this.#lastSeen = new Date();
    this.#error = undefined;
  }
}
