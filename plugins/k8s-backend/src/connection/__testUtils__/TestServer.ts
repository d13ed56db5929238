import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestCertificate } from './certificates';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An https server on loopback that counts what reaches it: connections, before any TLS, and requests. */
export class TestServer {
  connections = 0;
  readonly requests: IncomingMessage[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Duplex>();

  private constructor(certificate: TestCertificate, answer: Answer) {
    this.#server = createServer(
      { cert: certificate.certificate, key: certificate.key },
      (request, response) => {
        this.requests.push(request);
        answer(request, response);
      },
    );
    this.#server.on('connection', socket => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    certificate: TestCertificate,
    answer: Answer,
    options: { host?: string; port?: number } = {},
  ): Promise<TestServer> {
    const { host = '127.0.0.1', port = 0 } = options;
    const made = new TestServer(certificate, answer);
    await new Promise<void>((resolve, reject) => {
      made.#server.once('error', reject);
      made.#server.listen(port, host, resolve);
    });
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
