/** A TCP proxy that does to connections what networks do. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is done to the bytes that come from the server. */
export type Fault =
  | { type: 'none' }
  /** Nothing passes, nothing is closed. */
  | { type: 'blackHole' }
  /** Connections are reset as soon as they are opened; for those that are open see {@link FaultyProxy.reset}. */
  | { type: 'reset' }
  /** Each piece later by so much. */
  | { type: 'latency'; ms: number }
  /** At most so many bytes per second and connection, in small pieces. */
  | { type: 'slow'; bytesPerSecond: number }
  /** Each byte a packet of its own. */
  | { type: 'byteByByte' };

const UNHINDERED = { bytes: Infinity, delayMs: 0 };

/** Passes connections on to one port of the loopback address. */
export class FaultyProxy {
  fault: Fault = { type: 'none' };
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #target: number;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer(socket => this.#accept(socket));
  }

  static async start(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets all connections that are open. */
  reset(): void {
    for (const socket of this.#sockets) {
      // One that is being shut down cannot be reset, and would stay.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  async stop(): Promise<void> {
    this.reset();
    this.#server.close();
  }

  #accept(socket: Socket) {
    if (this.fault.type === 'reset') {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    const upstream = connect(this.#target, '127.0.0.1');
    for (const one of [socket, upstream]) {
      one.setNoDelay(true);
      this.#sockets.add(one);
      one.on('error', () => {});
    }
    const end = (other: Socket) => {
      other.destroy();
      this.#sockets.delete(socket);
      this.#sockets.delete(upstream);
    };
    socket.on('close', () => end(upstream));
    upstream.on('close', () => end(socket));
    void this.#pass(socket, upstream, { isAnswer: false });
    void this.#pass(upstream, socket, { isAnswer: true });
  }

  async #pass(from: Socket, to: Socket, options: { isAnswer: boolean }) {
    try {
      for await (const piece of from) {
        for (const [part, delayMs] of this.#parts(piece, options)) {
          if (delayMs > 0) await sleep(delayMs);
          await this.#untilOpen();
          if (to.destroyed) return;
          to.write(part);
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  /** How a piece is cut, and what is waited before each part; a fault that ends meanwhile ends for the rest of the piece too. */
  *#parts(
    piece: Buffer,
    { isAnswer }: { isAnswer: boolean },
  ): Generator<[Buffer, number]> {
    let at = 0;
    while (at < piece.length) {
      const { bytes, delayMs } = isAnswer ? this.#pace() : UNHINDERED;
      yield [piece.subarray(at, at + bytes), delayMs];
      at += bytes;
    }
  }

  /** How many bytes pass at once, after what time. */
  #pace(): { bytes: number; delayMs: number } {
    const { fault } = this;
    switch (fault.type) {
      case 'latency':
        return { bytes: Infinity, delayMs: fault.ms };
      case 'slow':
        return { bytes: Math.ceil(fault.bytesPerSecond / 10), delayMs: 100 };
      case 'byteByByte':
        return { bytes: 1, delayMs: 0 };
      default:
        return UNHINDERED;
    }
  }

  async #untilOpen() {
    while (this.fault.type === 'blackHole') await sleep(20);
  }
}
