/**
 * The sockets to one API server: address checked at each connect, TLS by the cluster's own CA, never a proxy, HTTP/1.1 with
 * as many connections as watches need. (undici's HTTP/2 windows make first lists slow.)
 */
import { isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type {
  ClusterCredential,
  ClusterEndpoint,
} from '../clusters/ClusterStore';
import type { AddressGuard } from './AddressGuard';

// Several watches per kind that is looked at, and room for requests beside them.
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 5_000;
// Longer than the pause between two health checks, so that these need no handshake each.
const KEEP_ALIVE_MS = 30_000;
// A connection is replaced after this time: the address is checked again, a renewed certificate is seen.
const CONNECTION_LIFETIME_MS = 10 * 60_000;

/** What a connection is made from. */
export interface KubeTarget {
  endpoint: ClusterEndpoint;
  credential: ClusterCredential;
}

/** The host of a URL without the brackets of an IPv6 address. */
export function hostOf(server: string): string {
  return new URL(server).hostname.replace(/^\[|\]$/g, '');
}

/** The sockets and the credential for one API server. */
export class KubeAgent {
  /** undici's dispatcher; only `kubeFetch` uses it. */
  readonly dispatcher: Agent;
  readonly origin: string;
  /** Path of the API server where it has one, without a slash at its end. */
  readonly basePath: string;
  #certificateExpiresAt: Date | undefined;
  readonly #token: string | undefined;
  readonly #connecting = new Set<Socket>();

  constructor(target: KubeTarget, options: { guard: AddressGuard }) {
    const url = new URL(target.endpoint.server);
    if (url.protocol !== 'https:') {
      throw new Error('An API server is spoken to by https only');
    }
    this.origin = url.origin;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.#token = target.credential.token;
    this.dispatcher = new Agent({
      connect: this.#connector(target, options.guard),
      connections: MAX_CONNECTIONS,
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
    this.#connecting.forEach(socket => socket.destroy());
    await this.dispatcher.destroy();
  }

  #connector(
    { endpoint, credential }: KubeTarget,
    guard: AddressGuard,
  ): buildConnector.connector {
    const host = hostOf(endpoint.server);
    const serverName = endpoint.tlsServerName ?? (isIP(host) ? '' : host);
    const guardedLookup: LookupFunction = (name, { all }, done) => {
      guard.addresses(name).then(
        addresses =>
          all
            ? done(null, addresses)
            : done(null, addresses[0].address, addresses[0].family),
        error => done(error, []),
      );
    };
    const connect = buildConnector({
      ca: endpoint.caData,
      cert: credential.clientCertificate,
      key: credential.clientKey,
      servername: serverName,
      rejectUnauthorized: !endpoint.skipTlsVerify,
      minVersion: 'TLSv1.2',
      lookup: guardedLookup,
      autoSelectFamily: true,
      timeout: CONNECT_TIMEOUT_MS,
      // A resumed session would not look at the certificate again.
      maxCachedSessions: 0,
    });
    return (request, callback) => {
      try {
        // A literal address is not looked up, so the guard is asked here.
        if (isIP(host)) guard.check(host);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      const made: unknown = connect(
        { ...request, servername: serverName },
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
  }

  #noteCertificate(socket: TLSSocket) {
    const { valid_to: end } = socket.getPeerCertificate();
    this.#certificateExpiresAt = end ? new Date(end) : undefined;
  }
}
