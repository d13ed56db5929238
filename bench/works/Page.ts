import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from '../measure/HttpClient.ts';
import { pluginBody, pluginRoute, serviceRoute } from './requests.ts';

/** A user who has the page of a service open. */
export interface Page {
  /** Bytes that came after the page was there. */
  received(): number;
  close(): void;
}

/** Our page: one request, then a stream of changes. */
export async function openOurs(
  client: HttpClient,
  options: { service: string; onChunk?: (chunk: Buffer) => void },
): Promise<Page> {
  const { service, onChunk } = options;
  let bytes = 0;
  await client.call(serviceRoute(service));
  const end = await client.follow('POST /api/k8s/streams', {
    body: {
      subscriptions: [
        {
          id: 'page',
          topic: 'service',
          entity: `component:default/${service}`,
        },
      ],
    },
    onChunk: chunk => {
      bytes += chunk.length;
      onChunk?.(chunk);
    },
  });
  return {
    received: () => bytes,
    close: () => {
      end();
      client.close();
    },
  };
}

/** The page of Backstage's kubernetes plugin: one request now, and again every `intervalMs`; what takes longer is waited for. */
export class PluginPage implements Page {
  /** Requests that were answered. */
  polls = 0;
  #bytes = 0;
  readonly #stop = new AbortController();
  readonly #client: HttpClient;

  constructor(
    client: HttpClient,
    options: { service: string; intervalMs: number; delayMs: number },
  ) {
    this.#client = client;
    void this.#poll(options);
  }

  received(): number {
    return this.#bytes;
  }

  close(): void {
    this.#stop.abort();
    this.#client.close();
  }

  async #poll(options: {
    service: string;
    intervalMs: number;
    delayMs: number;
  }) {
    const { service, intervalMs, delayMs } = options;
    const { signal } = this.#stop;
    try {
      await sleep(delayMs, undefined, { signal });
      while (!signal.aborted) {
        const { body } = await this.#client.call(pluginRoute(service), {
          body: pluginBody(service),
        });
        this.#bytes += body.length;
        this.polls += 1;
        await sleep(intervalMs, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
