/** A TCP proxy whose way to the target can be made bad while connections are open. */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * pass: nothing happens to it; blackHole: connections open and stay, nothing gets through; reset: open ones are reset, new ones too.
 */
export type ProxyMode = 'pass' | 'blackHole' | 'reset';

export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #mode: ProxyMode = 'pass';
  /** Connections that were opened to it so far. */
  connections = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer(client => {
      this.connections += 1;
      if (this.#mode === 'reset') {
        client.resetAndDestroy();
        return;
      }
      const upstream = connect(target);
      const pair: [Socket, Socket] = [client, upstream];
      this.#pairs.add(pair);
      for (const [from, to] of [pair, [upstream, client]]) {
        from.on('data', bytes => {
          if (this.#mode === 'pass') to.write(bytes);
        });
        from.on('error', () => to.destroy());
        from.on('close', () => {
          to.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }

  /** @param server - address of an API server, e.g. `https://127.0.0.1:6443` */
  static async to(server: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(server);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    await new Promise<void>(resolve => {
      proxy.#server.listen(0, '127.0.0.1', () => resolve());
    });
    return proxy;
  }

  /** Address of the proxy, for a kubeconfig. */
  get url(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return `https://127.0.0.1:${port}`;
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode;
    // Bytes that were swallowed are gone: a connection that goes on after them would be garbage.
    for (const [client, upstream] of this.#pairs) {
      if (mode === 'blackHole') continue;
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  async close(): Promise<void> {
    for (const [client, upstream] of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }
}
