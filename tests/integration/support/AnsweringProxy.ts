/**
 * A proxy between the cache and a real API server that reads HTTP, so that single answers and lines of watches can be others
 * than the API server's. It signs in to nothing: it shows the API server's own certificate, or one of its own, and passes
 * credentials on.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as send } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestApiServer } from './TestApiServer.ts';

/** A request as it came in. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  isWatch: boolean;
  /** Header `Authorization`. */
  authorization: string;
  /** ms since 1970. */
  at: number;
  /** Of the answer, once its headers were sent. */
  status?: number;
}

/** What is answered instead of what the API server would. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Not a text: sent as JSON. */
  body: unknown;
}

/** A watch that is open. */
export interface OpenWatch {
  request: SeenRequest;
  /** Nothing of the API server's passes any more; it is lost. */
  isSilent: boolean;
  response: ServerResponse;
}

/** What is passed on to, on this machine. */
type Target = Pick<TestApiServer, 'port' | 'caData' | 'keyData'> & {
  /** PEM; what the proxy shows, of which `keyData` is the key. Default: `caData`. */
  certData?: string;
};

/** Passes requests on to one API server, but for what a test wants otherwise. */
export class AnsweringProxy {
  readonly requests: SeenRequest[] = [];
  readonly watches = new Set<OpenWatch>();
  /** The most lists (pages of them) that were being answered at the same time. */
  mostAtOnce = 0;
  #listsNow = 0;
  /** Asked for each request; undefined: it is passed on. */
  instead: (request: SeenRequest) => Answer | undefined = () => undefined;
  /** What becomes of a piece of a watch: the pieces that are written. */
  rewrite: (piece: Buffer) => Buffer[] = piece => [piece];
  readonly #target: Target;
  readonly #server: Server;
  readonly #agent: Agent;

  private constructor(target: Target) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, ca: target.caData });
    this.#server = createServer(
      { cert: target.certData ?? target.caData, key: target.keyData },
      (request, response) => this.#serve(request, response),
    );
  }

  static async start(target: Target): Promise<AnsweringProxy> {
    const proxy = new AnsweringProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Passes everything on from now on, and forgets what came in. */
  clear(): void {
    this.instead = () => undefined;
    this.rewrite = piece => [piece];
    this.requests.length = 0;
  }

  /** Ends all connections. */
  reset(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.reset();
    this.#server.close();
    this.#agent.destroy();
  }

  /** Lists of a path that began, pages after the first left out. */
  lists(path: string): SeenRequest[] {
    return this.requests.filter(
      one => one.path === path && isList(one) && !one.query.has('continue'),
    );
  }

  #countUntilAnswered(response: ServerResponse) {
    this.#listsNow += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#listsNow);
    response.once('close', () => {
      this.#listsNow -= 1;
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(
      request.url ?? '',
      'https://localhost',
    );
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      isWatch: searchParams.has('watch'),
      authorization: request.headers.authorization ?? '',
      at: Date.now(),
    };
    this.requests.push(seen);
    if (isList(seen)) this.#countUntilAnswered(response);
    const instead = this.instead(seen);
    if (instead) {
      const { status, headers, body } = instead;
      seen.status = status;
      request.resume();
      response.writeHead(status, headers);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
      return;
    }
    const { host, ...headers } = request.headers;
    const upstream = send(
      {
        agent: this.#agent,
        host: '127.0.0.1',
        port: this.#target.port,
        method: request.method,
        path: request.url,
        headers,
      },
      answer => {
        seen.status = answer.statusCode;
        const { 'transfer-encoding': _, connection, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, kept);
        if (seen.isWatch) this.#passWatch(seen, { answer, response });
        else answer.pipe(response);
      },
    );
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  #passWatch(
    request: SeenRequest,
    { answer, response }: { answer: IncomingMessage; response: ServerResponse },
  ) {
    const watch: OpenWatch = { request, isSilent: false, response };
    this.watches.add(watch);
    response.on('close', () => this.watches.delete(watch));
    response.flushHeaders();
    answer.on('data', piece => {
      // A test may have ended it.
      if (watch.isSilent || response.writableEnded) return;
      for (const part of this.rewrite(piece)) response.write(part);
    });
    answer.on('error', () => response.destroy());
    answer.on('end', () => {
      if (!watch.isSilent) response.end();
    });
  }
}

/** Whether it reads a page of a list; one object is asked for only to learn the version. */
function isList({ method, isWatch, query }: SeenRequest): boolean {
  const limit = query.get('limit');
  return method === 'GET' && !isWatch && limit !== null && limit !== '1';
}
