/**
 * A stand-in for a kubelet that answers one question only: what a container has written
 * (`GET /containerLogs/{namespace}/{pod}/{container}`, as kube-apiserver asks it). What it answers is the same each time.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { HttpClient } from '../measure/HttpClient.ts';
import type { ApiServer } from './ApiServer.ts';

const NODE = 'node-of-logs';
const NAMESPACE = 'team-0';
const POD = 'pod-of-logs';
const CONTAINER = 'main';
const STARTED_MS = Date.parse('2026-01-05T08:00:00Z');
const PIECE_BYTES = 64 * 1024;
const NOT_FOUND = 404;

const line = (index: number) =>
  `${new Date(
    STARTED_MS + index,
  ).toISOString()} level=info request=${index} method=GET path=/orders/${
    index % 977
  } status=200 duration=${index % 251}ms user=u-${
    index % 5003
  } agent="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"\n`;

export class LogServer {
  /** What the container has written, each line with its time before it. */
  readonly text: string;
  readonly #client: HttpClient;
  readonly #server: Server;

  private constructor(options: {
    server: ApiServer;
    client: HttpClient;
    lines: number;
  }) {
    const { server, client, lines } = options;
    this.#client = client;
    this.text = Array.from({ length: lines }, (_, index) => line(index)).join(
      '',
    );
    const file = (name: string) =>
      readFileSync(join(server.folder, 'certificates', name));
    const bytes = Buffer.from(this.text);
    this.#server = createServer(
      { cert: file('apiserver.crt'), key: file('apiserver.key') },
      ({ url = '' }, response) => {
        const { pathname } = new URL(url, 'https://kubelet');
        if (pathname !== `/containerLogs/${NAMESPACE}/${POD}/${CONTAINER}`) {
          response.writeHead(NOT_FOUND).end();
          return;
        }
        for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
          response.write(bytes.subarray(at, at + PIECE_BYTES));
        }
        response.end();
      },
    );
  }

  /** Adds a node and a pod that runs there. */
  static async start(
    server: ApiServer,
    options: { lines: number },
  ): Promise<LogServer> {
    const client = server.client();
    const logs = new LogServer({ server, client, ...options });
    logs.#server.listen(0, '127.0.0.1');
    await once(logs.#server, 'listening');
    const { port } = logs.#server.address() as AddressInfo;
    await logs.#create('nodes', NODE, {
      spec: {},
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    });
    await logs.#create(`namespaces/${NAMESPACE}/pods`, POD, {
      spec: {
        nodeName: NODE,
        containers: [{ name: CONTAINER, image: 'registry.example/main:1' }],
        terminationGracePeriodSeconds: 0,
      },
    });
    return logs;
  }

  /** Asks an API server. */
  get rawRoute(): string {
    return `GET /api/v1/namespaces/${NAMESPACE}/pods/${POD}/log?container=${CONTAINER}&timestamps=true`;
  }

  /** Asks us for the same. */
  ourRoute(cluster: string): string {
    return `GET /api/k8s/clusters/${cluster}/namespaces/${NAMESPACE}/pods/${POD}/logs?container=${CONTAINER}&download=true`;
  }

  /** Takes the node and the pod away again. */
  async stop(): Promise<void> {
    await this.#client.call(
      `DELETE /api/v1/namespaces/${NAMESPACE}/pods/${POD}?gracePeriodSeconds=0`,
    );
    await this.#client.call(`DELETE /api/v1/nodes/${NODE}`);
    this.#client.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #create(path: string, name: string, body: Record<string, unknown>) {
    // What an interrupted run has left.
    await this.#client.ask(
      `DELETE /api/v1/${path}/${name}?gracePeriodSeconds=0`,
    );
    await this.#client.call(`POST /api/v1/${path}`, {
      body: { metadata: { name }, ...body },
    });
    if (!body.status) return;
    await this.#client.call(`PATCH /api/v1/${path}/${name}/status`, {
      body: { status: body.status },
      contentType: 'application/merge-patch+json',
    });
  }
}
