/**
 * WebSockets on the portal's own HTTP server. Two things make this more than a route:
 *
 * - Node hands an upgrade to the request handler as long as nobody listens for upgrades, and to all who listen from then on. Other
 *   plugins (signals) begin to listen with the first upgrade that comes to them as a request. So whoever listens first has to hand
 *   on what is not its own as Node would, or they would never begin.
 * - No service of Backstage has the server. It is seen with each request that begins, hence with the first health check, before
 *   anybody else can listen.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** @see https://nodejs.org/api/diagnostics_channel.html#http */
const REQUEST_STARTED = 'http.server.request.start';

/** An upgrade that is ours. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

type UpgradeListener = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void;

/** Answers an upgrade that is refused, and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    () => socket.destroy(),
  );
}

/** Takes the upgrades below a path. */
export class UpgradeRoute {
  readonly #prefix: string;
  readonly #accept: (upgrade: Upgrade) => void;
  readonly #listeners = new Map<Server, UpgradeListener>();
  readonly #handedOn = new Set<Duplex>();
  readonly #onRequest = (message: unknown) => {
    this.#attach((message as { server: Server }).server);
  };

  /** @param options - `prefix`: e.g. `/api/k8s/` */
  constructor(options: { prefix: string; accept: (upgrade: Upgrade) => void }) {
    this.#prefix = options.prefix;
    this.#accept = options.accept;
  }

  start(): void {
    subscribe(REQUEST_STARTED, this.#onRequest);
  }

  stop(): void {
    unsubscribe(REQUEST_STARTED, this.#onRequest);
    for (const [server, listener] of this.#listeners) {
      server.off('upgrade', listener);
    }
    this.#listeners.clear();
    this.#handedOn.forEach(socket => socket.destroy());
  }

  #attach(server: Server) {
    if (this.#listeners.has(server)) return;
    const listener: UpgradeListener = (request, socket, head) => {
      // Node leaves the connection to us, and a reset one must not end the process.
      socket.on('error', () => socket.destroy());
      if (request.url?.startsWith(this.#prefix)) {
        this.#accept({ request, socket, head });
      } else if (server.listenerCount('upgrade') === 1) {
        this.#handOn(server, request, socket);
      }
    };
    this.#listeners.set(server, listener);
    server.on('upgrade', listener);
    server.once('close', () => this.#listeners.delete(server));
  }

  /** As Node does it where nobody listens. */
  #handOn(server: Server, request: IncomingMessage, socket: Duplex) {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(
      socket as Parameters<typeof response.assignSocket>[0],
    );
    response.once('finish', () => socket.end());
    // Nobody else would notice that the other side has gone, or end it with the server.
    this.#handedOn.add(socket);
    socket.once('close', () => this.#handedOn.delete(socket));
    socket.once('end', () => socket.destroy());
    socket.resume();
    server.emit('request', request, response);
  }
}
