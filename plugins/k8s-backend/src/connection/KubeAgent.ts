/**
 * The sockets to one API server: address checked at each connect, TLS by the cluster's own CA, no proxy but the operator's,
 * HTTP/1.1 with as many connections as watches need. (undici's HTTP/2 windows make first lists slow.)
 */
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type { CredentialSource } from '../authentication/CredentialSource';
import type { ClusterEndpoint } from '../clusters/ClusterStore';
import type { AddressGuard } from './AddressGuard';
import type { ConnectionUse } from './ClusterConnection';
import { guardedLookup } from './guardedLookup';
import type { ProxyTunnel } from './ProxyTunnel';

// Lists and looks; what waits for one waits for the API server.
const MAX_CONNECTIONS = 64;
// A watch of the cache holds one as long as it lasts, so that each kind of a cluster has to have its own.
const MAX_WATCH_CONNECTIONS = 2048;
/** Connections for what goes on for long because somebody looks at it; whoever opens them has to stay below. */
export const MAX_LASTING_CONNECTIONS = 256;

/** Each use has connections of its own, so that many answers that go on for long leave room for requests. */
const CONNECTIONS: Readonly<Record<ConnectionUse, number>> = {
  requests: MAX_CONNECTIONS,
  watches: MAX_WATCH_CONNECTIONS,
  lasting: MAX_LASTING_CONNECTIONS,
};
const CONNECT_TIMEOUT_MS = 5_000;
// Longer than the pause between two health checks, so that these need no handshake each.
const KEEP_ALIVE_MS = 30_000;
// A connection is replaced after this time: the address is checked again, a renewed certificate is seen.
const CONNECTION_LIFETIME_MS = 10 * 60_000;
const HTTPS_PORT = 443;

/** What a connection is made from. */
export interface KubeTarget {
  endpoint: ClusterEndpoint;
  credentials: CredentialSource;
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

/** A client certificate with its key; absent: a token signs in. */
interface ClientPair {
  cert?: string;
  key?: string;
}

/** The connections that one client certificate, or none, is shown on. */
interface Pool {
  /** PEM; absent: a token signs in, with each request. */
  clientCertificate?: string;
  connect: buildConnector.connector;
  agents: Readonly<Record<ConnectionUse, Agent>>;
}

function dispatcher(
  connect: buildConnector.connector,
  connections: number,
): Agent {
  return new Agent({
    connect,
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

/** Value of the header `Authorization`; undefined: the client certificate signs in. */
export function authorizationOf(
  credential: ClusterCredential,
): string | undefined {
  return 'token' in credential ? `Bearer ${credential.token}` : undefined;
}

/** A text of the API server's without our token, should it echo it. */
export function withoutToken(
  text: string,
  credential: ClusterCredential,
): string {
  return 'token' in credential
    ? text.replaceAll(credential.token, '[token]')
    : text;
}

/** The sockets and the credential for one API server. */
export class KubeAgent {
  readonly origin: string;
  /** Path of the API server where it has one, without a slash at its end. */
  readonly basePath: string;
  readonly credentials: CredentialSource;
  #certificateExpiresAt: Date | undefined;
  #pool: Pool | undefined;
  /** Whose certificate was replaced, while requests still run on them. */
  readonly #retired = new Set<Agent>();
  readonly #connectorWith: (pair: ClientPair) => buildConnector.connector;
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
    this.credentials = target.credentials;
    this.#connectorWith = pair => this.#connector(target, pair, options);
  }

  /** undici's dispatcher for requests with a credential; only `kubeFetch` uses it, at once. */
  dispatcherFor(
    credential: ClusterCredential,
    use: ConnectionUse = 'requests',
  ): Agent {
    return this.#poolFor(credential).agents[use];
  }

  #poolFor(credential: ClusterCredential): Pool {
    const { clientCertificate, clientKey } =
      'token' in credential
        ? { clientCertificate: undefined, clientKey: undefined }
        : credential;
    const known = this.#pool;
    if (known && known.clientCertificate === clientCertificate) return known;
    const connect = this.#connectorWith({
      cert: clientCertificate,
      key: clientKey,
    });
    const pool = {
      clientCertificate,
      connect,
      agents: {
        requests: dispatcher(connect, CONNECTIONS.requests),
        watches: dispatcher(connect, CONNECTIONS.watches),
        lasting: dispatcher(connect, CONNECTIONS.lasting),
      },
    };
    // Only now: a certificate that cannot be used leaves the former one in use.
    if (known) this.#retire(known);
    this.#pool = pool;
    return pool;
  }

  /** A connection goes on as whom it was made: what runs may end, nothing new is sent over it. */
  #retire({ agents }: Pool) {
    for (const agent of Object.values(agents)) {
      this.#retired.add(agent);
      agent
        .close()
        // It is destroyed meanwhile where it does not end.
        .catch(() => undefined)
        .finally(() => this.#retired.delete(agent));
    }
  }

  /** When the certificate that the API server showed last ends; absent: no handshake yet. */
  get certificateExpiresAt(): Date | undefined {
    return this.#certificateExpiresAt;
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    // undici waits for these: a server that never ends a handshake would hold it up.
    this.#closed.abort();
    this.#connecting.forEach(socket => socket.destroy());
    this.#upgraded.forEach(socket => socket.destroy());
    const open = this.#pool ? Object.values(this.#pool.agents) : [];
    const agents = [...open, ...this.#retired];
    await Promise.all(agents.map(agent => agent.destroy()));
  }

  /** A connection of its own, for what is no HTTP after its first request; ended with the others. Only `kubeSocket` uses it. */
  connect(credential: ClusterCredential): Promise<Socket> {
    const { protocol, host, port } = new URL(this.origin);
    const hostname = hostOf(this.origin);
    const { connect } = this.#poolFor(credential);
    return new Promise((resolve, reject) => {
      connect({ protocol, host, hostname, port }, (error, socket) => {
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
    { endpoint }: KubeTarget,
    pair: ClientPair,
    { guard, proxy }: KubeAgentOptions,
  ): buildConnector.connector {
    const host = hostOf(endpoint.server);
    const serverName = endpoint.tlsServerName ?? (isIP(host) ? '' : host);
    const connect = buildConnector({
      // Made once: each holds the authorities in memory, and there is a connection for each watch.
      secureContext: createSecureContext({
        ca: endpoint.caData,
        ...pair,
        minVersion: 'TLSv1.2',
      }),
      servername: serverName,
      rejectUnauthorized: !endpoint.skipTlsVerify,
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
    const end = socket.getPeerX509Certificate()?.validTo;
    this.#certificateExpiresAt = end ? new Date(end) : undefined;
  }
}
