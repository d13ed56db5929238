import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { WebSocketServer } from 'ws';
import { failureLog } from '../errors/failureLog';
import { principalOf } from '../router/principalOf';
import { TerminalConnection } from './TerminalConnection';
import type { TerminalConnectionOptions } from './TerminalConnection';
import { refuseUpgrade, UpgradeRoute } from './UpgradeRoute';
import type { Upgrade } from './UpgradeRoute';

/** Bytes of one message: what is pasted at once. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** WebSockets of one instance, those without a ticket yet included. */
const MAX_CONNECTIONS = 500;

const PREFIX = '/api/k8s/';
/** The whole URL: nothing of it is secret, so that nothing secret is ever logged. */
const TERMINAL_URL =
  /^\/api\/k8s\/terminals\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What the server works with. */
export type TerminalServerOptions = Omit<
  TerminalConnectionOptions,
  'id' | 'socket'
> & {
  /** Origins whose pages may open terminals. */
  origins: ReadonlySet<string>;
  logger: LoggerService;
};

/** Takes the WebSockets of terminals, from the portal's own pages only. */
export class TerminalServer {
  readonly #options: TerminalServerOptions;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  readonly #route: UpgradeRoute;
  #connections = 0;

  constructor(options: TerminalServerOptions) {
    this.#options = options;
    this.#route = new UpgradeRoute({
      prefix: PREFIX,
      accept: upgrade => this.#accept(upgrade),
    });
  }

  start(): void {
    this.#route.start();
  }

  stop(): void {
    this.#route.stop();
  }

  #accept({ request, socket, head }: Upgrade) {
    const { logger, origins, shutdown } = this.#options;
    const fail = (error: unknown) =>
      logger.error('A terminal failed', failureLog(error));
    const { origin } = request.headers;
    const id = TERMINAL_URL.exec(request.url ?? '')?.[1];
    if (id === undefined) {
      refuseUpgrade(socket, '404 Not Found');
      return;
    }
    if (origin === undefined || !origins.has(origin)) {
      refuseUpgrade(socket, '403 Forbidden');
      this.#keepForeign(id).catch(fail);
      return;
    }
    if (this.#connections >= MAX_CONNECTIONS || shutdown.aborted) {
      refuseUpgrade(socket, '503 Service Unavailable');
      return;
    }
    this.#connections++;
    socket.once('close', () => {
      this.#connections--;
    });
    this.#sockets.handleUpgrade(request, socket, head, opened => {
      const connection = new TerminalConnection({
        ...this.#options,
        ...{ id, socket: opened },
      });
      connection.run().catch(error => {
        fail(error);
        opened.terminate();
      });
    });
  }

  /** Keeps that a page of somebody else tried to open a terminal. */
  async #keepForeign(id: string) {
    const { audit, auth, shutdown } = this.#options;
    const credentials = await auth.getNoneCredentials();
    await audit.refused(
      { action: 'terminal.open', details: { terminal: id } },
      {
        credentials,
        principal: principalOf(auth, credentials),
        requestId: randomUUID(),
        signal: shutdown,
        audit: { recorded: false },
      },
      new NotAllowedError('The page is not of this portal'),
    );
  }
}
