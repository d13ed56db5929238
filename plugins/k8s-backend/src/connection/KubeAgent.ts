/**
 * The sockets to one API server: address checked at each connect, TLS by the cluster's own CA, no proxy but the operator's,
 * HTTP/1.1 with as many connections as watches need. (undici's HTTP/2 windows make first lists slow.)
 */
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type {
  ClusterCredential,
  ClusterEndpoint,
} from '../clusters/ClusterStore';
import type { AddressGuard } from './AddressGuard';
import { guardedLookup } from './guardedLookup';
import type { ProxyTunnel } from './ProxyTunnel';

// Several watches per kind that is looked at, and room for requests beside them.
const MAX_CONNECTIONS = 64;
/** Connections for what goes on for long because somebody looks at it; whoever opens them has to stay below. */
export const MAX_LASTING_CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 5_000;
// Longer than the pause between two health checks, so that these need no handshake each.
const KEEP_ALIVE_MS = 30_000;
// A connection is replaced after this time: the address is checked again, a renewed certificate is seen.
const CONNECTION_LIFETIME_MS = 10 * 60_000;
const HTTPS_PORT = 443;

/** What a connection is made from. */
export interface KubeTarget {
  endpoint: ClusterEndpoint;
  credential: ClusterCredential;
}

/** What the connections of all agents have in common. */
export interface KubeAgentOptions {
  guard: AddressGuard;
  /** Absent: every API server is reached directly. */
  proxy?: ProxyTunnel;
}

/** The host of a URL without the brackets of an IPv6 address. */
export function hostOf(server: string): string {
  return new URL(server).hostname.replace(/^\[|\]$/g, '');
}

/** The sockets and the credential for one API server. */
export class KubeAgent {
  /** undici's dispatcher; only `kubeFetch` uses it. */
  readonly dispatcher: Agent;
  /** The same over other connections, so that many answers that go on for long leave room for requests. */
  readonly lastingDispatcher: Agent;
  readonly origin: string;
  /** Path of the API server where it has one, without a slash at its end. */
  readonly basePath: string;
  #certificateExpiresAt: Date | undefined;
  readonly #token: string | undefined;
  readonly #connect: buildConnector.connector;
  readonly #connecting = new Set<Socket>();
  readonly #upgraded = new Set<Socket>();
  readonly #closed = new AbortController();

  constructor(target: KubeTarget, options: KubeAgentOptions) {
    const url = new URL(target.endpoint.server);
    if (url.protocol !== 'https:') {
      throw new Error('An API server is spoken to by https only');
    }
    this.origin = url.origin;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.#token = target.credential.token;
    this.#connect = this.#connector(target, options);
    const dispatcher = (connections: number) => this.#dispatcher(connections);
    this.dispatcher = dispatcher(MAX_CONNECTIONS);
    this.lastingDispatcher = dispatcher(MAX_LASTING_CONNECTIONS);
  }

  #dispatcher(connections: number): Agent {
    return new Agent({
      connect: this.#connect,
      connections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      clientTtl: CONNECTION_LIFETIME_MS,
      // kubeFetch has its own limits, which know what a watch is.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** When the certificate that the API server showed last ends; absent: no handshake yet. */
  get certificateExpiresAt(): Date | undefined {
    return this.#certificateExpiresAt;
  }

  /** Value of the header `Authorization`; absent: the client certificate signs in. */
  get authorization(): string | undefined {
    return this.#token === undefined ? undefined : `Bearer ${this.#token}`;
  }

  /** A text of the API server's without our token, should it echo it. */
  hideSecrets(text: string): string {
    return this.#token === undefined
      ? text
      : text.replaceAll(this.#token, '[token]');
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    // undici waits for these: a server that never ends a handshake would hold it up.
    this.#closed.abort();
    this.#connecting.forEach(socket => socket.destroy());
    this.#upgraded.forEach(socket => socket.destroy());
    await this.dispatcher.destroy();
    await this.lastingDispatcher.destroy();
  }

  /** A connection of its own, for what is no HTTP after its first request; ended with the others. Only `kubeSocket` uses it. */
  connect(): Promise<Socket> {
    const { protocol, host, port } = new URL(this.origin);
    const hostname = hostOf(this.origin);
    return new Promise((resolve, reject) => {
      this.#connect({ protocol, host, hostname, port }, (error, socket) => {
        if (error) {
          reject(error);
          return;
        }
        this.#upgraded.add(socket);
        socket.once('close', () => this.#upgraded.delete(socket));
        resolve(socket);
      });
    });
  }

  #connector(
    { endpoint, credential }: KubeTarget,
    { guard, proxy }: KubeAgentOptions,
  ): buildConnector.connector {
    const host = hostOf(endpoint.server);
    const serverName = endpoint.tlsServerName ?? (isIP(host) ? '' : host);
    const connect = buildConnector({
      ca: endpoint.caData,
      cert: credential.clientCertificate,
      key: credential.clientKey,
      servername: serverName,
      rejectUnauthorized: !endpoint.skipTlsVerify,
      minVersion: 'TLSv1.2',
      lookup: guardedLookup(guard),
      autoSelectFamily: true,
      timeout: CONNECT_TIMEOUT_MS,
      // A resumed session would not look at the certificate again.
      maxCachedSessions: 0,
    });
    return (request, callback) => {
      const start = (tunnel?: Socket) => {
        const made: unknown = connect(
          { ...request, servername: serverName, httpSocket: tunnel },
          (...result) => {
            this.#connecting.delete(made as Socket);
            const [error, socket] = result;
            if (!error) this.#noteCertificate(socket as TLSSocket);
            callback(...result);
          },
        );
        // The types do not tell that undici answers the socket.
        this.#connecting.add(made as Socket);
      };
      try {
        // A literal address is not looked up, so the guard is asked here.
        if (isIP(host)) guard.check(host);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      if (!proxy) {
        start();
        return;
      }
      const port = Number(request.port) || HTTPS_PORT;
      this.#tunnel({ host, port }, { guard, proxy }).then(start, error =>
        callback(error, null),
      );
    };
  }

  /** The connection through the proxy; undefined where the host is reached without it. */
  async #tunnel(
    { host, port }: { host: string; port: number },
    { guard, proxy }: Required<KubeAgentOptions>,
  ): Promise<Socket | undefined> {
    const addresses = await guard.addresses(host);
    const { signal } = this.#closed;
    return proxy.isFor(addresses)
      ? proxy.open(addresses, { port, signal })
      : undefined;
  }

  #noteCertificate(socket: TLSSocket) {
    const { valid_to: end } = socket.getPeerCertificate();
    this.#certificateExpiresAt = end ? new Date(end) : undefined;
  }
}
