import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What the proxy does for a target: opens the way, answers a status, or says nothing. */
export type ProxyAnswer = 'open' | 'silent' | number;

/** An HTTP proxy on loopback that opens tunnels, and keeps what it sees of them. */
export class TestProxy {
  /** Connections to it, whatever was asked. */
  connections = 0;
  /** What it was asked for, e.g. `127.0.0.1:6443`, in order. */
  readonly targets: string[] = [];
  /** The headers of these. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** Everything that went through it towards targets. */
  sent = '';
  readonly #server = createServer((_, response) => {
    response.writeHead(405).end();
  });
  readonly #sockets = new Set<Duplex>();

  private constructor(answer: (target: string) => ProxyAnswer) {
    this.#server.on('connection', socket => {
      this.connections++;
      this.#keep(socket);
    });
    this.#server.on('connect', (request, socket: Duplex) => {
      const target = request.url ?? '';
      this.targets.push(target);
      this.headers.push(request.headers);
      const answered = answer(target);
      if (answered === 'open') this.#open(target, socket);
      else if (answered !== 'silent') {
        socket.end(`HTTP/1.1 ${answered} No\r\nContent-Length: 0\r\n\r\n`);
      }
    });
  }

  /** @param answer - what it does for each target; default: opens the way */
  static async start(
    answer: (target: string) => ProxyAnswer = () => 'open',
  ): Promise<TestProxy> {
    const made = new TestProxy(answer);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #open(target: string, socket: Duplex) {
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(
      Number(port),
      hostname.replace(/^\[|\]$/g, ''),
      () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket);
        socket.pipe(upstream);
      },
    );
    this.#keep(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('data', bytes => {
      this.sent += bytes.toString('latin1');
    });
  }

  #keep(socket: Duplex) {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
