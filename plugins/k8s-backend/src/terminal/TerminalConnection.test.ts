import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import { WebSocket, WebSocketServer } from 'ws';
import type { AuditLog } from '../audit/AuditLog';
import type { Terminal, TerminalEnd, TerminalOptions } from './PodTerminals';
import { TerminalConnection } from './TerminalConnection';
import type { TerminalTimes } from './TerminalConnection';
import type { TerminalTickets } from './TerminalTickets';

const JANE = 'user:default/jane';
const PLACE = {
  cluster: 'c1',
  namespace: 'shop',
  pod: 'box',
  container: 'main',
  command: ['sh'],
};

let server: Server;
let shutdown = new AbortController();
let terminal: ReturnType<typeof fakeTerminal> | undefined;
let options: TerminalOptions | undefined;
const audit = { change: jest.fn(), record: jest.fn(), refused: jest.fn() };
const tickets = { redeem: jest.fn(), keepOpen: jest.fn(), close: jest.fn() };
const terminals = { prepare: jest.fn(), open: jest.fn() };
const auth = mockServices.auth.mock();

/** A token's user, and in how many milliseconds it ends. */
let tokens: Record<string, { user: string; endsInMs?: number }> = {};

function fakeTerminal() {
  let settle: (end: TerminalEnd) => void = () => {};
  const ended = new Promise<TerminalEnd>(resolve => {
    settle = resolve;
  });
  const written: string[] = [];
  const sizes: object[] = [];
  return {
    written,
    sizes,
    ended,
    write: (data: Uint8Array) => written.push(Buffer.from(data).toString()),
    resize: (size: object) => sizes.push(size),
    pause: () => {},
    resume: () => {},
    end: (end: TerminalEnd) => settle(end),
  };
}

beforeEach(async () => {
  jest.resetAllMocks();
  shutdown = new AbortController();
  tokens = { good: { user: JANE }, joes: { user: 'user:default/joe' } };
  terminal = undefined;
  tickets.redeem.mockResolvedValue(PLACE);
  tickets.keepOpen.mockResolvedValue(undefined);
  tickets.close.mockResolvedValue(undefined);
  terminals.open.mockImplementation(async (_, opening) => {
    options = opening;
    terminal = fakeTerminal();
    return terminal as unknown as Terminal;
  });
  auth.authenticate.mockImplementation(async token => {
    const known = tokens[token];
    if (!known) throw new AuthenticationError('Invalid token');
    const credentials = mockCredentials.user(known.user);
    return known.endsInMs === undefined
      ? credentials
      : { ...credentials, expiresAt: new Date(Date.now() + known.endsInMs) };
  });
  auth.getNoneCredentials.mockResolvedValue(mockCredentials.none());
  auth.isPrincipal.mockImplementation(
    (credentials, type) =>
      (credentials.principal as { type: string }).type === type,
  );
  server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  shutdown.abort();
  await new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

/** A browser's WebSocket, with what it is told. */
function connect(times: Partial<TerminalTimes> = {}) {
  const sockets = new WebSocketServer({ noServer: true });
  server.once('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, opened => {
      new TerminalConnection({
        id: 't1',
        socket: opened,
        auth,
        audit: audit as AuditLog,
        tickets: tickets as unknown as TerminalTickets,
        terminals,
        logger: mockServices.logger.mock(),
        shutdown: shutdown.signal,
        times,
      })
        .run()
        .catch(() => opened.terminate());
    }),
  );
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const messages: { type: string; reason?: string; message?: string }[] = [];
  let tell = () => {};
  socket.on('message', (data, isBinary) => {
    if (!isBinary) messages.push(JSON.parse(data.toString()));
    tell();
  });
  const closed = new Promise<number>(resolve => {
    socket.once('close', code => resolve(code));
  });
  const opened = new Promise(resolve => {
    socket.once('open', resolve);
  });
  return {
    socket,
    messages,
    closed,
    opened,
    end: () => messages.find(({ type }) => type === 'end'),
    next: () =>
      new Promise<void>(resolve => {
        tell = resolve;
      }),
    async hello(message: unknown = { ticket: 'x', token: 'good' }) {
      await opened;
      socket.send(
        typeof message === 'string' ? message : JSON.stringify(message),
      );
    },
  };
}

async function ready(times?: Partial<TerminalTimes>, token = 'good') {
  const browser = connect(times);
  const told = browser.next();
  await browser.hello({ ticket: 'x', token, columns: 120, rows: 40 });
  await told;
  expect(browser.messages).toEqual([{ type: 'ready' }]);
  return browser;
}

it.each([
  ['no JSON', '{', /not as it has to be/],
  ['no token', { ticket: 'x' }, /not as it has to be/],
  [
    'more than it should have',
    { ticket: 'x', token: 'good', as: 'root' },
    /not as/,
  ],
  ['a size that is none', { ticket: 'x', token: 'good', columns: 0 }, /not as/],
  [
    'a token that is none',
    { ticket: 'x', token: 'bad' },
    /valid Backstage token/,
  ],
])('refuses a first message with %s', async (_, message, words) => {
  const browser = connect();
  await browser.hello(message);
  expect(await browser.closed).toBe(4403);
  expect(browser.end()).toMatchObject({ reason: 'refused' });
  expect(browser.end()?.message).toMatch(words);
  expect(tickets.redeem).not.toHaveBeenCalled();
  expect(terminals.open).not.toHaveBeenCalled();
  const [intent, context] = audit.refused.mock.calls[0];
  expect(intent).toMatchObject({ action: 'terminal.open' });
  expect(context.principal).toEqual({ type: 'anonymous', ref: 'anonymous' });
});

it('refuses a token of a service', async () => {
  auth.authenticate.mockResolvedValue(mockCredentials.service('external:ci'));
  const browser = connect();
  await browser.hello();
  await browser.closed;
  expect(terminals.open).not.toHaveBeenCalled();
});

it('refuses who says nothing in time', async () => {
  const browser = connect({ helloMs: 20 });
  await browser.closed;
  expect(browser.end()?.message).toMatch(/in time/);
});

it('refuses a ticket that is not good, in the name of who showed it', async () => {
  tickets.redeem.mockRejectedValue(new NotAllowedError('The ticket is used'));
  const browser = connect();
  await browser.hello();
  await browser.closed;
  expect(browser.end()?.message).toBe('The ticket is used');
  expect(terminals.open).not.toHaveBeenCalled();
  expect(audit.refused.mock.calls[0][1].principal.ref).toBe(JANE);
});

it('says nothing of what went wrong inside', async () => {
  terminals.open.mockRejectedValue(new Error('password=hunter2'));
  const browser = connect();
  await browser.hello();
  await browser.closed;
  expect(JSON.stringify(browser.messages)).not.toContain('hunter2');
  expect(tickets.close).toHaveBeenCalledWith('t1');
});

it('passes on input, sizes and output', async () => {
  const browser = await ready();
  expect(options?.size).toEqual({ columns: 120, rows: 40 });
  expect(tickets.redeem).toHaveBeenCalledWith({
    ...{ id: 't1', ticket: 'x', principal: JANE },
  });
  const told = browser.next();
  options?.onOutput(Buffer.from('out'));
  await told;
  browser.socket.send(Buffer.from('ls\r'));
  browser.socket.send('{"type":"resize","columns":100,"rows":30}');
  browser.socket.close();
  await terminal?.ended;
  expect(terminal?.written).toEqual(['ls\r']);
  expect(terminal?.sizes).toEqual(
    [{ columns: 100, rows: 30 }].map(size => expect.objectContaining(size)),
  );
});

it('tells how the program ended, and that its place is free', async () => {
  const browser = await ready();
  terminal?.end({ reason: 'exited', exitCode: 3 });
  expect(await browser.closed).toBe(1000);
  expect(browser.end()).toEqual({ type: 'end', reason: 'exited', exitCode: 3 });
  expect(tickets.close).toHaveBeenCalledWith('t1');
});

it('ends the program when the browser is gone', async () => {
  const browser = await ready();
  browser.socket.terminate();
  await expect(terminal?.ended).resolves.toEqual({ reason: 'closed' });
});

it('ends when nothing is typed for long', async () => {
  const browser = await ready({ idleMs: 20, beatMs: 500 });
  await browser.closed;
  expect(browser.end()?.reason).toBe('idle');
});

it('ends after its whole time', async () => {
  const browser = await ready({ totalMs: 20, beatMs: 500 });
  await browser.closed;
  expect(browser.end()?.reason).toBe('limit');
});

it('ends with the back end', async () => {
  const browser = await ready();
  shutdown.abort();
  await browser.closed;
  expect(browser.end()?.reason).toBe('shutdown');
});

it('ends with the token', async () => {
  tokens.short = { user: JANE, endsInMs: 50 };
  const browser = await ready({}, 'short');
  await browser.closed;
  expect(browser.end()?.reason).toBe('tokenExpired');
});

it('goes on with a newer token, which what is asked of the permissions has then', async () => {
  tokens.short = { user: JANE, endsInMs: 1_000 };
  const browser = await ready({}, 'short');
  const before = options?.context.credentials;
  browser.socket.send('{"type":"token","token":"good"}');
  while (options?.context.credentials === before) {
    await new Promise(resolve => {
      setTimeout(resolve, 5);
    });
  }
  expect(options?.context.credentials.expiresAt).toBeUndefined();
  terminal?.end({ reason: 'exited', exitCode: 0 });
  await browser.closed;
});

it.each([
  ['somebody else’s token', '{"type":"token","token":"joes"}'],
  ['a token that is none', '{"type":"token","token":"bad"}'],
  ['a message that is none', '{"type":"sudo"}'],
])('ends for %s', async (_, message) => {
  const browser = await ready();
  browser.socket.send(message);
  await browser.closed;
  expect(browser.end()?.reason).toBe('failed');
  expect(JSON.stringify(browser.messages)).not.toContain('joes');
});
