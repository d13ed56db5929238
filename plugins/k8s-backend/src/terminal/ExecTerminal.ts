/**
 * The protocol of `exec`: each message's first byte says which channel it is of. Version 5 has a message more, which closes a
 * channel and which is not needed here.
 *
 * @see https://kubernetes.io/blog/2024/08/20/websockets-transition/
 */
import type { RawData, WebSocket } from 'ws';
import { plainMessage } from '../errors/clusterErrors';
import { at, fieldOf, itemsOf, textOf } from '../rows/fields';
import type { Terminal, TerminalEnd, TerminalSize } from './PodTerminals';

/** The best first. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const INPUT = 0;
const OUTPUT = 1;
const ERRORS = 2;
const STATUS = 3;
const SIZE = 4;

/** Bytes that may wait for a container that does not read what is typed. */
const INPUT_ROOM_BYTES = 1024 * 1024;
/** Milliseconds between questions to a silent API server; it is given up when it answers none of two. */
const PING_MS = 20_000;

/** How a program ended, by the `Status` that the API server sends last. */
export function endOfStatus(text: string): TerminalEnd {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return { reason: 'failed' };
  }
  if (fieldOf(status, 'status') === 'Success') {
    return { reason: 'exited', exitCode: 0 };
  }
  const exit = itemsOf(at(status, 'details', 'causes')).find(
    cause => fieldOf(cause, 'reason') === 'ExitCode',
  );
  const exitCode = Number(fieldOf(exit, 'message') ?? NaN);
  if (Number.isInteger(exitCode)) return { reason: 'exited', exitCode };
  const message = textOf(fieldOf(status, 'message'));
  return {
    reason: 'failed',
    ...(message && { message: plainMessage(message) }),
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** A program that runs in a container, over a WebSocket to its API server. */
export class ExecTerminal implements Terminal {
  readonly ended: Promise<TerminalEnd>;
  readonly #socket: WebSocket;
  #settle: (end: TerminalEnd) => void = () => {};
  #status: TerminalEnd | undefined;
  #silentPings = 0;

  constructor(socket: WebSocket, onOutput: (data: Uint8Array) => void) {
    this.#socket = socket;
    this.ended = new Promise(resolve => {
      this.#settle = resolve;
    });
    const pings = setInterval(() => this.#ping(), PING_MS);
    socket.on('message', data => {
      this.#silentPings = 0;
      const bytes = bytesOf(data);
      const content = bytes.subarray(1);
      if (content.length === 0) return;
      if (bytes[0] === OUTPUT || bytes[0] === ERRORS) onOutput(content);
      if (bytes[0] === STATUS) this.#status = endOfStatus(content.toString());
    });
    socket.on('pong', () => {
      this.#silentPings = 0;
    });
    socket.once('close', () => {
      clearInterval(pings);
      this.#settle(
        this.#status ?? {
          reason: 'failed',
          message: 'The cluster closed the connection',
        },
      );
    });
  }

  write(data: Uint8Array): void {
    if (this.#socket.bufferedAmount > INPUT_ROOM_BYTES) {
      this.end({ reason: 'tooSlow' });
      return;
    }
    this.#send(INPUT, data);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#send(
      SIZE,
      Buffer.from(JSON.stringify({ Width: columns, Height: rows })),
    );
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(end: TerminalEnd): void {
    this.#settle(end);
    // A paused socket would not see the answer to a farewell.
    this.#socket.terminate();
  }

  #send(channel: number, data: Uint8Array) {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(Buffer.concat([Buffer.of(channel), data]));
  }

  #ping() {
    if (this.#socket.isPaused) return;
    if (this.#silentPings >= 2) {
      this.end({ reason: 'failed', message: 'The cluster does not answer' });
      return;
    }
    this.#silentPings++;
    this.#socket.ping();
  }
}
