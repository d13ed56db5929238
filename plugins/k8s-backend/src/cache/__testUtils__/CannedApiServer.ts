import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import type {
  ClusterChange,
  ClusterConnection,
  ClusterConnections,
  ConnectionUse,
} from '../../connection/ClusterConnection';
import { fixedCredential } from '../../connection/__testUtils__/fixedCredential';
import { DefaultClusterConnection } from '../../connection/DefaultClusterConnection';
import type { KubeAgent } from '../../connection/KubeAgent';

/** A request as the canned server got it. */
export interface CannedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  isWatch: boolean;
  /** How many of its sort (list or watch) came before, by path. */
  count: number;
}

/** Answers with bytes that a test has thought out; no Kubernetes. Tests of what Kubernetes does use a real API server. */
export class CannedApiServer {
  readonly requests: CannedRequest[] = [];
  /** What each request wanted a connection for. */
  readonly uses: (ConnectionUse | undefined)[] = [];
  /** Watches that are open, by path. */
  readonly watches = new Map<string, ServerResponse>();
  readonly connections: ClusterConnections;
  /** Told what a test changes in the registry. */
  readonly #listeners = new Set<(change: ClusterChange) => void>();
  readonly #connectionByCluster = new Map<string, ClusterConnection>();
  readonly #answer: (request: CannedRequest, response: ServerResponse) => void;
  readonly #server: Server;
  #dispatcher = new Agent();
  generation = 1;
  /** Takes requests and never answers. */
  isDeaf = false;

  constructor(
    answer: (request: CannedRequest, response: ServerResponse) => void,
  ) {
    this.#answer = answer;
    this.#server = createServer((request, response) => {
      if (this.isDeaf) return;
      const url = new URL(request.url ?? '', 'http://localhost');
      if (url.pathname === '/api/v1/namespaces') {
        response.end('{"metadata":{}}');
        return;
      }
      const isWatch = url.searchParams.has('watch');
      const count = this.requests.filter(
        one => one.isWatch === isWatch && one.path === url.pathname,
      ).length;
      const canned = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        isWatch,
        count,
      };
      this.requests.push(canned);
      if (isWatch) this.watches.set(url.pathname, response);
      this.#answer(canned, response);
      if (isWatch) response.flushHeaders();
    });
    this.connections = {
      get: async cluster => this.#connection(cluster),
      onChange: listener => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      onCircuit: () => () => {},
    };
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#dispatcher.destroy();
  }

  /** Tells listeners of the registry. */
  tell(change: ClusterChange) {
    for (const listener of this.#listeners) listener(change);
  }

  lists(path: string): CannedRequest[] {
    return this.requests.filter(one => !one.isWatch && one.path === path);
  }

  watched(path: string): CannedRequest[] {
    return this.requests.filter(one => one.isWatch && one.path === path);
  }

  #connection(cluster: string): ClusterConnection {
    const known = this.#connectionByCluster.get(cluster);
    if (known?.generation === this.generation) return known;
    const { port } = this.#server.address() as AddressInfo;
    // The real client over plain HTTP: TLS and address checks have tests of their own.
    const agent: Pick<
      KubeAgent,
      | 'origin'
      | 'basePath'
      | 'certificateExpiresAt'
      | 'credentials'
      | 'dispatcherFor'
      | 'close'
    > = {
      dispatcherFor: (_, use) => {
        this.uses.push(use);
        return this.#dispatcher;
      },
      credentials: fixedCredential('token'),
      origin: `http://127.0.0.1:${port}`,
      basePath: '',
      certificateExpiresAt: undefined,
      close: async () => {},
    };
    const made = new DefaultClusterConnection({
      cluster,
      generation: this.generation,
      agent: agent as KubeAgent,
    });
    this.#connectionByCluster.set(cluster, made);
    return made;
  }
}
