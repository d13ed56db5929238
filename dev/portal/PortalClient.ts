import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './Problem.ts';
import { demoToken } from './demoToken.ts';

/** What `POST /clusters` takes, as far as the development portal uses it. */
export interface ClusterToRegister {
  name: string;
  kubeconfig: string;
  labels?: Record<string, string>;
  owner?: string;
}

/** A registered cluster, as far as the development portal looks at it. */
export interface RegisteredCluster {
  id: string;
  name: string;
  /** Address of the API server; only `getCluster` tells. */
  server?: string;
  /** Certificate authority of the API server, PEM; only `getCluster` tells. */
  caData?: string;
}

/** The tokens of a portal that has just started are not yet known to all of its parts, and its catalog is still reading. */
const STARTING_TIMEOUT_MS = 60_000;
const STARTING_STATUSES = [401, 502, 503];
const RETRY_MS = 500;

/** The portal's own REST API, as the demo administrator. Refusals are Problems with the portal's own words. */
export class PortalClient {
  readonly #url: string;
  #token: string | undefined;

  /** @param url - of the portal */
  constructor(url: string) {
    this.#url = url;
  }

  /** Without `server` and `caData`. */
  async listClusters(): Promise<RegisteredCluster[]> {
    const { clusters } = (await this.#call('GET', '/clusters')) as {
      clusters: RegisteredCluster[];
    };
    return clusters;
  }

  async getCluster(id: string): Promise<RegisteredCluster> {
    return (await this.#call('GET', `/clusters/${id}`)) as RegisteredCluster;
  }

  /** All clusters, with `server` and `caData`. */
  async listDetails(): Promise<RegisteredCluster[]> {
    const listed = await this.listClusters();
    return Promise.all(listed.map(({ id }) => this.getCluster(id)));
  }

  async registerCluster(cluster: ClusterToRegister): Promise<void> {
    try {
      await this.#call('POST', '/clusters', cluster);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem(
        `The cluster ${cluster.name} was not registered: ${error.message}`,
      );
    }
  }

  /** Also when something depends on it. */
  async deleteCluster(id: string): Promise<void> {
    await this.#call('DELETE', `/clusters/${id}?confirm=true`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const deadline = Date.now() + STARTING_TIMEOUT_MS;
    for (;;) {
      this.#token ??= await demoToken(this.#url, 'admin');
      const answer = await fetch(`${this.#url}/api/k8s${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const content = (await answer.json().catch(() => undefined)) as
        | { error?: { message?: string } }
        | undefined;
      if (answer.ok) return content;
      this.#token = undefined;
      const isStarting = STARTING_STATUSES.includes(answer.status);
      if (!isStarting || Date.now() > deadline) {
        throw new Problem(
          content?.error?.message ??
            `The portal answered with status ${answer.status}.`,
        );
      }
      await sleep(RETRY_MS);
    }
  }
}
