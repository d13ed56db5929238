import type { WebSocket } from 'ws';
import type { Terminal } from './PodTerminals';

/** Bytes of output that may wait for the browser. */
const ROOM_BYTES = 1024 * 1024;
/** Milliseconds between two looks at whether the browser has caught up. */
const CATCH_UP_MS = 50;

/** Passes output on to a browser. What a slow one has not read yet is not read from the container either. */
export class OutputGate {
  readonly #socket: WebSocket;
  readonly #patienceMs: number;
  #terminal: Terminal | undefined;
  #isHolding = false;

  /** @param options - `patienceMs`: how long a browser that does not read is waited for */
  constructor(socket: WebSocket, options: { patienceMs: number }) {
    this.#socket = socket;
    this.#patienceMs = options.patienceMs;
  }

  pass(data: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(data, { binary: true });
    if (this.#terminal) this.holdBack(this.#terminal);
  }

  /** From now on the terminal is paused while too much waits, and ended when that takes too long. */
  holdBack(terminal: Terminal): void {
    this.#terminal = terminal;
    if (this.#isHolding || this.#socket.bufferedAmount < ROOM_BYTES) return;
    this.#isHolding = true;
    terminal.pause();
    const giveUpAt = performance.now() + this.#patienceMs;
    const timer = setInterval(() => {
      if (this.#socket.bufferedAmount < ROOM_BYTES / 2) {
        clearInterval(timer);
        this.#isHolding = false;
        terminal.resume();
      } else if (performance.now() > giveUpAt) {
        clearInterval(timer);
        terminal.end({ reason: 'tooSlow' });
        this.#socket.terminate();
      }
    }, CATCH_UP_MS);
    terminal.ended.then(() => clearInterval(timer));
  }
}
