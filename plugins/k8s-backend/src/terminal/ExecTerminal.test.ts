import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { endOfStatus, ExecTerminal } from './ExecTerminal';

it.each([
  ['success', { status: 'Success' }, { reason: 'exited', exitCode: 0 }],
  [
    'an exit code',
    {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with exit code 3',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    },
    { reason: 'exited', exitCode: 3 },
  ],
  [
    'a program that is not there',
    { status: 'Failure', message: 'exec: "x": \u001b[31mnot found' },
    { reason: 'failed', message: 'exec: "x":  [31mnot found' },
  ],
  [
    'an odd code',
    { details: { causes: [{ reason: 'ExitCode' }] } },
    { reason: 'failed' },
  ],
  ['no status', 'text', { reason: 'failed' }],
])('understands how a program ended: %s', (_, status, expected) => {
  expect(endOfStatus(JSON.stringify(status))).toEqual(expected);
});

it('takes what is no JSON for a failure', () => {
  expect(endOfStatus('{')).toEqual({ reason: 'failed' });
});

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  readonly sent: Buffer[] = [];
  send(data: Buffer) {
    this.sent.push(data);
  }
  ping() {}
  pause() {
    this.isPaused = true;
  }
  resume() {
    this.isPaused = false;
  }
  terminate() {
    this.readyState = 3;
    this.emit('close');
  }
}

function start() {
  const socket = new FakeSocket();
  const output: string[] = [];
  const terminal = new ExecTerminal(socket as unknown as WebSocket, data =>
    output.push(Buffer.from(data).toString()),
  );
  const receive = (channel: number, text: string) =>
    socket.emit(
      'message',
      Buffer.from(`${String.fromCharCode(channel)}${text}`),
    );
  return { socket, terminal, output, receive };
}

it('passes on input, size and output by their channels', async () => {
  const { socket, terminal, output, receive } = start();
  terminal.write(Buffer.from('ls'));
  terminal.resize({ columns: 100, rows: 30 });
  expect(socket.sent.map(String)).toEqual([
    '\u0000ls',
    '\u0004{"Width":100,"Height":30}',
  ]);
  receive(1, '');
  receive(1, 'out');
  receive(2, 'err');
  receive(9, 'of no channel');
  expect(output).toEqual(['out', 'err']);
  receive(3, '{"status":"Success"}');
  socket.emit('close');
  expect(await terminal.ended).toEqual({ reason: 'exited', exitCode: 0 });
});

it('says that the cluster closed it where no status came', async () => {
  const { socket, terminal } = start();
  socket.emit('close');
  expect(await terminal.ended).toMatchObject({ reason: 'failed' });
});

it('ends for the first reason that is given', async () => {
  const { socket, terminal, receive } = start();
  terminal.end({ reason: 'accessLost' });
  terminal.end({ reason: 'idle' });
  receive(3, '{"status":"Success"}');
  expect(await terminal.ended).toEqual({ reason: 'accessLost' });
  expect(socket.readyState).toBe(3);
  terminal.write(Buffer.from('x'));
  expect(socket.sent).toEqual([]);
});

it('ends where a container reads nothing of what is typed', async () => {
  const { socket, terminal } = start();
  socket.bufferedAmount = 2 * 1024 * 1024;
  terminal.write(Buffer.from('x'));
  expect(await terminal.ended).toEqual({ reason: 'tooSlow' });
});
