/**
 * A terminal as the browser has it: one WebSocket, whose first message shows the ticket and the user's token. Binary messages are
 * what is typed and what is answered; text messages are JSON.
 */

/** Bytes of one message; what is pasted is cut into several. */
const MESSAGE_BYTES = 16 * 1024;
/** Milliseconds between two looks at whether the user's token was renewed. */
const RENEW_MS = 60_000;

/** How a terminal ended. */
export interface TerminalEnding {
  reason: string;
  exitCode?: number;
  message?: string;
}

/** Characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** What a session works with. */
export interface TerminalSessionOptions {
  /** `ws:` or `wss:`; nothing secret is in it. */
  url: string;
  ticket: string;
  size: TerminalSize;
  /** The user's token, as it is now. */
  token: () => Promise<string | undefined>;
  onOutput: (data: Uint8Array) => void;
  onReady: () => void;
  /** Told once. */
  onEnd: (ending: TerminalEnding) => void;
}

/** A terminal that is being opened, is open or was. */
export class TerminalSession {
  readonly #options: TerminalSessionOptions;
  readonly #socket: WebSocket;
  readonly #encoder = new TextEncoder();
  #size: TerminalSize;
  #isReady = false;
  #hasEnded = false;
  #shown: string | undefined;
  #renewal: ReturnType<typeof setInterval> | undefined;

  constructor(options: TerminalSessionOptions) {
    this.#options = options;
    this.#size = options.size;
    const socket = new WebSocket(options.url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#show();
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#end({ reason: 'lost' });
    this.#socket = socket;
  }

  /** Passes on what is typed. */
  type(text: string): void {
    this.bytes(this.#encoder.encode(text));
  }

  /** Passes on what is no text, e.g. of a mouse. */
  bytes(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isReady || this.#hasEnded) return;
    for (let start = 0; start < bytes.length; start += MESSAGE_BYTES) {
      this.#socket.send(bytes.slice(start, start + MESSAGE_BYTES));
    }
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#isReady) this.#say({ type: 'resize', ...size });
  }

  /** Ends it as the user wants; nobody is told. */
  close(): void {
    this.#hasEnded = true;
    clearInterval(this.#renewal);
    this.#socket.close();
  }

  /** Shows ticket and token; never in a URL, which others may see. */
  #show() {
    const { ticket, token, size } = this.#options;
    token().then(
      shown => {
        this.#shown = shown;
        this.#say({ ticket, token: shown, ...size });
      },
      () => this.#socket.close(),
    );
  }

  #receive(data: unknown) {
    if (data instanceof ArrayBuffer) {
      this.#options.onOutput(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(String(data)) as { type: string };
    if (message.type === 'ready') this.#begin();
    if (message.type === 'end') {
      const { type: _, ...ending } = message as {
        type: string;
      } & TerminalEnding;
      this.#end(ending);
    }
  }

  #begin() {
    this.#isReady = true;
    // The page may have got another size meanwhile.
    this.#say({ type: 'resize', ...this.#size });
    this.#renewal = setInterval(() => {
      this.#renew().catch(() => undefined);
    }, RENEW_MS);
    this.#options.onReady();
  }

  /** A terminal lasts no longer than the token that was shown last. */
  async #renew() {
    const token = await this.#options.token();
    if (token === undefined || token === this.#shown) return;
    this.#shown = token;
    this.#say({ type: 'token', token });
  }

  #say(message: object) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #end(ending: TerminalEnding) {
    if (this.#hasEnded) return;
    this.close();
    this.#options.onEnd(ending);
  }
}
