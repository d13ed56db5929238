import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { refuseUpgrade, UpgradeRoute } from './UpgradeRoute';
import type { Upgrade } from './UpgradeRoute';

let server: Server;
let route: UpgradeRoute;
let accepted: string[] = [];
/** What came to the request handler. */
let handled: IncomingMessage[] = [];
let isSubscribed = false;
const signals = new WebSocketServer({ noServer: true });
const clients: Socket[] = [];

/** As the signals plugin does it: it listens from the first upgrade on that comes to it as a request. */
function signalsLike(request: IncomingMessage) {
  const { server: own } = request.socket as Socket & { server: Server };
  if (isSubscribed || request.headers.upgrade === undefined) return false;
  isSubscribed = true;
  own.on('upgrade', (message, socket, head) => {
    if (message.url !== '/api/signals') return;
    signals.handleUpgrade(message, socket, head, opened => opened.send('hi'));
  });
  return true;
}

beforeEach(async () => {
  accepted = [];
  handled = [];
  isSubscribed = false;
  route = new UpgradeRoute({
    prefix: '/api/k8s/',
    accept: ({ request, socket }: Upgrade) => {
      accepted.push(request.url ?? '');
      refuseUpgrade(socket, '403 Forbidden');
    },
  });
  server = createServer((request, response) => {
    handled.push(request);
    if (signalsLike(request)) return;
    response.statusCode = request.headers.upgrade === undefined ? 200 : 426;
    response.end('handled');
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  route.stop();
  clients.splice(0).forEach(client => client.destroy());
  await new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

const base = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const get = () => fetch(`http://${base()}/health`).then(one => one.text());

function upgrade(path: string): Promise<string> {
  return new Promise(resolve => {
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    clients.push(client);
    let text = '';
    client.on('data', data => {
      text += data;
    });
    client.on('close', () => resolve(text));
    client.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
  });
}

it('takes the upgrades below its path once any request has come', async () => {
  route.start();
  await get();
  expect(await upgrade('/api/k8s/terminals/1')).toMatch(/^HTTP\/1.1 403 /);
  expect(accepted).toEqual(['/api/k8s/terminals/1']);
  expect(handled).toHaveLength(1);
});

it('hands on what is not its own while nobody else listens', async () => {
  route.start();
  await get();
  isSubscribed = true;
  expect(await upgrade('/elsewhere')).toMatch(/^HTTP\/1.1 426 [^]*handled$/);
  expect(accepted).toEqual([]);
});

it('lets others begin to listen as they would without it, and go on beside it', async () => {
  route.start();
  await get();
  // The first is answered by nobody, as without us.
  upgrade('/api/signals').catch(() => undefined);
  while (!isSubscribed) {
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
  const socket = new WebSocket(`ws://${base()}/api/signals`);
  const said = await new Promise(resolve => {
    socket.once('message', data => resolve(String(data)));
  });
  expect(said).toBe('hi');
  socket.terminate();
  expect(await upgrade('/api/k8s/terminals/1')).toMatch(/^HTTP\/1.1 403 /);
});

it('notices that the other side of what it handed on has gone', async () => {
  route.start();
  await get();
  const first = upgrade('/api/signals');
  while (!isSubscribed) {
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
  clients[0].destroy();
  await first;
  const open = () =>
    new Promise<number>((resolve, reject) => {
      server.getConnections((error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  // The connection of the request is kept alive.
  let left = await open();
  while (left > 1) {
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
    left = await open();
  }
  expect(accepted).toEqual([]);
});

it('listens no more when it is stopped', async () => {
  route.start();
  await get();
  route.stop();
  expect(server.listenerCount('upgrade')).toBe(0);
});
