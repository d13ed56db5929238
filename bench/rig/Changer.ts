import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../measure/HttpClient.ts';
import type { ApiServer } from './ApiServer.ts';

const SECOND_MS = 1_000;
const CONNECTIONS = 16;

/** Changes pods of an API server, again and again, as a busy cluster's pods change. */
export class Changer {
  readonly #client: HttpClient;
  readonly #paths: string[];
  #asked = 0;
  #made = 0;

  private constructor(client: HttpClient, paths: string[]) {
    this.#client = client;
    this.#paths = paths;
  }

  /** @param server - whose pods are changed, all of them in turn */
  static async of(server: ApiServer): Promise<Changer> {
    const client = server.client('raw', { connections: CONNECTIONS });
    const { items } = await client.json<{ items: Named[] }>('GET /api/v1/pods');
    const paths = items.map(
      ({ metadata }) =>
        `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`,
    );
    return new Changer(client, paths);
  }

  /** Changes made so far. */
  get made(): number {
    return this.#made;
  }

  /** Changes so many pods a second until the signal is given. */
  async run(options: {
    perSecond: number;
    signal: AbortSignal;
  }): Promise<void> {
    const { perSecond, signal } = options;
    const start = performance.now();
    const before = this.#asked;
    while (!signal.aborted) {
      const due = ((performance.now() - start) / SECOND_MS) * perSecond;
      if (this.#asked - before < due) await this.#change();
      else
        await sleep(SECOND_MS / perSecond, undefined, { signal }).catch(
          () => {},
        );
    }
  }

  /** Changes pods as fast as the API server takes it, for so long. @returns how many changes were made */
  async burst(milliseconds: number): Promise<number> {
    const before = this.#made;
    const end = performance.now() + milliseconds;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < end) await this.#change();
      }),
    );
    return this.#made - before;
  }

  close(): void {
    this.#client.close();
  }

  async #change() {
    const path = this.#paths[this.#asked % this.#paths.length];
    this.#asked += 1;
    // The API server may be restarting or busy; then this change is not made, and the next one is.
    const answer = await this.#client
      .ask(`PATCH ${path}?fieldManager=bench`, {
        body: {
          metadata: { annotations: { 'bench/change': `${this.#asked}` } },
        },
        contentType: 'application/merge-patch+json',
      })
      .catch(() => undefined);
    if (answer?.status === 200) this.#made += 1;
  }
}

interface Named {
  metadata: { name: string; namespace: string };
}
