import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { EventStream } from '../router/Handlers';
import { sendEventStream } from './sendEventStream';

let server: Server;

/** Serves one answer and tells how it ended. */
async function serve(
  events: EventStream['events'],
  options: { patienceMs: number },
): Promise<{ port: number; result: Promise<{ cutOff: boolean }> }> {
  let tell: (result: Promise<{ cutOff: boolean }>) => void = () => {};
  const result = new Promise<{ cutOff: boolean }>(resolve => {
    tell = resolve;
  });
  server = createServer((_request, response: ServerResponse) => {
    tell(sendEventStream(response, { events }, options));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => {
    server.once('listening', resolve);
  });
  return { port: (server.address() as AddressInfo).port, result };
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('cuts off a reader that does not read, and asks for no more meanwhile', async () => {
  let asked = 0;
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) {
        asked++;
        yield { event: 'changes', data: 'x'.repeat(1024 * 1024) };
      }
    } finally {
      isClosed = true;
    }
  }
  const { port, result } = await serve(endless(), { patienceMs: 200 });
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  });
  socket.on('error', () => undefined);
  // Nothing reads from the socket.
  expect(await result).toEqual({ cutOff: true });
  expect(isClosed).toBe(true);
  expect(asked).toBeLessThan(100);
  socket.destroy();
});

it('sends everything to a reader that reads, then ends', async () => {
  async function* some() {
    for (let index = 0; index < 50; index++) {
      yield { event: 'changes', data: 'x'.repeat(100_000) };
    }
    yield { event: 'end', id: '7', data: { reason: 'shutdown' } };
  }
  const { port, result } = await serve(some(), { patienceMs: 60_000 });
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  const text = await answer.text();
  expect(text.match(/event: changes/g)).toHaveLength(50);
  expect(text).toMatch(/event: end\nid: 7\ndata: \{"reason":"shutdown"\}\n\n$/);
  expect(await result).toEqual({ cutOff: false });
});
