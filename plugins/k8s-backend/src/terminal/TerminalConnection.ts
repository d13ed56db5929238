/**
 * One WebSocket of a browser, from its first message to its end. Binary messages are input and output; text messages are JSON. The
 * first shows the ticket and the caller's token, which may be renewed while the terminal is open: it never outlives the token.
 */
import { randomUUID } from 'node:crypto';
import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  isError,
  NotAllowedError,
} from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { RawData, WebSocket } from 'ws';
import type { AuditLog } from '../audit/AuditLog';
import { answerableError, errorAnswer } from '../errors/errorAnswer';
import { failureLog } from '../errors/failureLog';
import { statusOf } from '../errors/statusErrors';
import { principalOf } from '../router/principalOf';
import { lifetimeOf } from '../streams/lifetimeOf';
import type { Lifetime } from '../streams/lifetimeOf';
import { OutputGate } from './OutputGate';
import type {
  PodTerminals,
  Terminal,
  TerminalEnd,
  TerminalPlace,
} from './PodTerminals';
import { firstMessage, readControl, readHello } from './readHello';
import type { Hello } from './readHello';
import type { TerminalTickets } from './TerminalTickets';

/** How long things may take, in milliseconds. */
export interface TerminalTimes {
  /** Until the first message. */
  helloMs: number;
  /** Without anything typed. */
  idleMs: number;
  totalMs: number;
  /** Between two words to the database that the terminal is open, and two questions to the browser. */
  beatMs: number;
  /** That a browser may leave output unread. */
  patienceMs: number;
}

const TIMES: TerminalTimes = {
  helloMs: 10_000,
  idleMs: 30 * 60_000,
  totalMs: 8 * 60 * 60_000,
  beatMs: 10_000,
  patienceMs: 20_000,
};
/** A close code of our own: what was asked for is refused. */
const REFUSED = 4403;
const NORMAL = 1000;

/** What a connection works with. */
export interface TerminalConnectionOptions {
  /** Of the terminal, from the URL. */
  id: string;
  socket: WebSocket;
  auth: AuthService;
  audit: AuditLog;
  tickets: TerminalTickets;
  terminals: PodTerminals;
  logger: LoggerService;
  /** Aborted when the process ends. */
  shutdown: AbortSignal;
  times?: Partial<TerminalTimes>;
}

/** A terminal in a browser. */
export class TerminalConnection {
  readonly #options: TerminalConnectionOptions;
  readonly #times: TerminalTimes;
  readonly #gone = new AbortController();
  readonly #requestId = randomUUID();
  #credentials: BackstageCredentials | undefined;
  #lifetime: Lifetime | undefined;
  #lastInput = performance.now();
  #isAlive = true;

  constructor(options: TerminalConnectionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    const { socket } = options;
    socket.once('close', () => this.#gone.abort());
    // Followed by `close`; without a listener it would end the process.
    socket.on('error', () => {});
    socket.on('pong', () => {
      this.#isAlive = true;
    });
  }

  /** Resolves when it has ended. */
  async run(): Promise<void> {
    let context: RequestContext | undefined;
    try {
      const { socket, shutdown } = this.#options;
      const { helloMs } = this.#times;
      const hello = readHello(
        await firstMessage(socket, { helloMs, shutdown }),
      );
      context = await this.#authenticate(hello.token);
      const place = await this.#options.tickets.redeem({
        id: this.#options.id,
        ticket: hello.ticket,
        principal: context.principal.ref,
      });
      await this.#work(place, hello, context);
    } catch (thrown) {
      await this.#refuse(thrown, context);
    } finally {
      this.#lifetime?.release();
    }
  }

  async #work(place: TerminalPlace, hello: Hello, context: RequestContext) {
    const { terminals, tickets, id } = this.#options;
    let stopWork = () => {};
    try {
      const { columns, rows } = hello;
      const { patienceMs } = this.#times;
      const gate = new OutputGate(this.#options.socket, { patienceMs });
      const terminal = await terminals.open(place, {
        ...{ context, id, size: { columns, rows } },
        onOutput: data => gate.pass(data),
      });
      gate.holdBack(terminal);
      this.#say({ type: 'ready' });
      stopWork = this.#watch(terminal, context);
      const end = await terminal.ended;
      this.#say({ type: 'end', ...end });
      this.#options.socket.close(NORMAL);
    } finally {
      stopWork();
      await tickets.close(id).catch(error => this.#warn(error));
    }
  }

  /** Passes on what is typed, and ends the terminal when its time is over. */
  #watch(terminal: Terminal, context: RequestContext): () => void {
    const { socket, tickets, id } = this.#options;
    const { idleMs, totalMs, beatMs } = this.#times;
    this.#lastInput = performance.now();
    const begin = performance.now();
    const onMessage = (data: RawData, isBinary: boolean) => {
      this.#input(terminal, { data, isBinary, context }).catch(error => {
        const message = isError(error) ? error.message : undefined;
        terminal.end({ reason: 'failed', message });
      });
    };
    const beat = setInterval(() => {
      const now = performance.now();
      if (now - this.#lastInput > idleMs) terminal.end({ reason: 'idle' });
      if (now - begin > totalMs) terminal.end({ reason: 'limit' });
      if (!this.#isAlive) socket.terminate();
      this.#isAlive = false;
      socket.ping();
      tickets.keepOpen(id).catch(error => this.#warn(error));
    }, beatMs);
    const onGone = () => terminal.end({ reason: 'closed' });
    this.#gone.signal.addEventListener('abort', onGone, { once: true });
    if (this.#gone.signal.aborted) onGone();
    socket.on('message', onMessage);
    this.#limit(terminal);
    return () => {
      clearInterval(beat);
      socket.off('message', onMessage);
    };
  }

  /** Ends the terminal with the token that the caller showed last, or the process. */
  #limit(terminal: Terminal) {
    this.#lifetime?.release();
    if (!this.#credentials) return;
    const lifetime = lifetimeOf(
      { credentials: this.#credentials },
      this.#options.shutdown,
    );
    this.#lifetime = lifetime;
    const end = () => {
      if (lifetime.end) terminal.end({ reason: lifetime.end });
    };
    lifetime.signal.addEventListener('abort', end, { once: true });
    end();
  }

  async #input(
    terminal: Terminal,
    message: { data: RawData; isBinary: boolean; context: RequestContext },
  ): Promise<void> {
    const { data, isBinary, context } = message;
    if (isBinary) {
      this.#lastInput = performance.now();
      terminal.write(data as Buffer);
      return;
    }
    const control = readControl(data);
    if (control.type === 'resize') {
      terminal.resize({ columns: control.columns, rows: control.rows });
      return;
    }
    const credentials = await this.#credentialsOf(control.token);
    const { ref } = principalOf(this.#options.auth, credentials);
    if (ref !== context.principal.ref) {
      throw new NotAllowedError('The token is somebody else’s');
    }
    this.#credentials = credentials;
    this.#limit(terminal);
  }

  async #credentialsOf(token: string): Promise<BackstageCredentials> {
    const { auth } = this.#options;
    try {
      const credentials = await auth.authenticate(token);
      if (auth.isPrincipal(credentials, 'user')) return credentials;
    } catch (error) {
      if (statusOf(error as Error) === undefined) throw error;
    }
    throw new AuthenticationError('This needs a valid Backstage token');
  }

  /** The request that everything below works for, with whatever credentials the caller showed last. */
  async #authenticate(token: string): Promise<RequestContext> {
    const credentials = await this.#credentialsOf(token);
    this.#credentials = credentials;
    const current = () => this.#credentials ?? credentials;
    return {
      get credentials() {
        return current();
      },
      principal: principalOf(this.#options.auth, credentials),
      requestId: this.#requestId,
      signal: this.#gone.signal,
      audit: { recorded: false },
    };
  }

  /** Says why there is no terminal, and keeps it. */
  async #refuse(thrown: unknown, known: RequestContext | undefined) {
    const { socket, id, auth, audit } = this.#options;
    const error = answerableError(thrown);
    const { status, body } = errorAnswer(error, {
      id: this.#requestId,
      method: 'GET',
    });
    if (status >= 500) this.#warn(thrown);
    const { message } = body.error;
    this.#say({ type: 'end', reason: 'refused', message });
    socket.close(REFUSED);
    if (known?.audit.recorded) return;
    const none = await auth.getNoneCredentials();
    const context = known ?? {
      credentials: none,
      principal: principalOf(auth, none),
      requestId: this.#requestId,
      signal: this.#gone.signal,
      audit: { recorded: false },
    };
    await audit.refused(
      { action: 'terminal.open', details: { terminal: id } },
      context,
      error,
    );
  }

  #say(message: { type: 'ready' } | ({ type: 'end' } & Partial<End>)) {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  }

  #warn(error: unknown) {
    this.#options.logger.warn('A terminal has trouble', {
      terminal: this.#options.id,
      requestId: this.#requestId,
      ...failureLog(error),
    });
  }
}

type End = Omit<TerminalEnd, 'reason'> & {
  reason: TerminalEnd['reason'] | 'refused';
};
