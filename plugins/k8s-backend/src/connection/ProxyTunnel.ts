/**
 * The operator's HTTP proxy on the way to API servers. It is asked (by CONNECT) for the address that was checked, never for a name:
 * what a name leads to from where the proxy is, nobody has checked. TLS to the API server runs inside of the tunnel, so that the
 * proxy sees neither our credential nor what is said.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { AddressGuard } from './AddressGuard';
import { guardedLookup } from './guardedLookup';
import { isWithin, parseAddress, readRanges } from './addressRanges';
import type { AddressRange } from './addressRanges';

const TIMEOUT_MS = 5_000;
const CONNECTED = 200;
/** The proxy itself could not reach the address. */
const SERVER_ERROR = 500;

/** The proxy, as the operator configures it. */
export interface ProxySettings {
  /** `http://host:port` or `https://host:port`. */
  url: string;
  credentials?: { username: string; password: string };
  /** Ranges that are reached without the proxy, as CIDR. */
  direct?: readonly string[];
}

/** A failure of the proxy: `PROXY_` and its status, `UNREACHABLE` or `TIMEOUT`; `errors/connectionErrors` says it in words. */
function failure(code: string | number): Error {
  return Object.assign(new Error(`PROXY_${code}`), { code: `PROXY_${code}` });
}

/** Opens connections through the proxy. */
export class ProxyTunnel {
  readonly #url: URL;
  readonly #authorization: string | undefined;
  readonly #direct: AddressRange[];
  // The operator names it, so it may be anywhere but where credentials are handed out.
  readonly #guard = new AddressGuard({ allow: ['0.0.0.0/0', '::/0'] });

  /** @throws InputError when a range cannot be read */
  constructor({ url, credentials, direct = [] }: ProxySettings) {
    this.#url = new URL(url);
    this.#direct = readRanges(direct, 'k8s.addresses.proxy.direct');
    if (credentials) {
      const { username, password } = credentials;
      const pair = Buffer.from(`${username}:${password}`).toString('base64');
      this.#authorization = `Basic ${pair}`;
    }
  }

  /** Whether the addresses of a host are reached through the proxy: one of them is in no range that is not. */
  isFor(addresses: readonly LookupAddress[]): boolean {
    return addresses.some(({ address }) => {
      const parsed = parseAddress(address);
      return !parsed || !this.#direct.some(range => isWithin(parsed, range));
    });
  }

  /**
   * A connection to one of the addresses, in their order.
   *
   * @param addresses - checked already
   * @throws an Error whose `code` begins with `PROXY_`
   */
  async open(
    addresses: readonly LookupAddress[],
    options: { port: number; signal: AbortSignal },
  ): Promise<Socket> {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const signal = AbortSignal.any([options.signal, late]);
    let last: unknown;
    for (const { address, family } of addresses) {
      const host = family === 6 ? `[${address}]` : address;
      try {
        return await this.#connect(`${host}:${options.port}`, signal);
      } catch (error) {
        if (late.aborted) throw failure('TIMEOUT');
        const status = Number(/\d+$/.exec(String(error))?.[0] ?? 0);
        if (signal.aborted || status < SERVER_ERROR) throw error;
        last = error;
      }
    }
    throw last;
  }

  #connect(authority: string, signal: AbortSignal): Promise<Socket> {
    const { protocol, hostname, port } = this.#url;
    const host = hostname.replace(/^\[|\]$/g, '');
    const request = protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      try {
        // A literal address is not looked up.
        if (isIP(host)) this.#guard.check(host);
      } catch {
        reject(failure('UNREACHABLE'));
        return;
      }
      const sent = request({
        host,
        port,
        method: 'CONNECT',
        path: authority,
        headers: {
          host: authority,
          ...(this.#authorization && {
            'proxy-authorization': this.#authorization,
          }),
        },
        agent: false,
        lookup: guardedLookup(this.#guard),
        signal,
      });
      sent.once('connect', (response, socket: Socket, head) => {
        if (response.statusCode === CONNECTED) {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
          return;
        }
        socket.destroy();
        reject(failure(response.statusCode ?? 0));
      });
      sent.once('error', () => reject(failure('UNREACHABLE')));
      sent.end();
    });
  }
}
