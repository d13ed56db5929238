/** Terminals in containers, through the API server of a real cluster: who gets one, how it ends, and what is kept of it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

/** What is promised is ten seconds; a loaded machine is not what is tested here. */
const PATIENCE_MS = 60_000;
const NAMESPACE = `terminal-${process.pid}`;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

const eu = DevelopmentCluster.named('dev-eu');
let database: TestDatabase;
let portals: TestPortal[] = [];
let cluster: string;

/** Tickets and tokens that were used: none of them may be found anywhere. */
const secrets = new Set<string>();

async function until(what: string, holds: () => boolean | Promise<boolean>) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not ${what}`);
    await sleep(100);
  }
}

before(async () => {
  database = await createDatabase();
  const encryptionKey = Buffer.alloc(32, 7).toString('base64');
  const config = {
    k8s: {
      permission: {
        bindings: [
          { role: 'K8sViewer', users: ['user:default/viewer'] },
          {
            role: 'K8sOperator',
            users: ['user:default/operator'],
            namespaces: [NAMESPACE],
            terminal: true,
          },
          // In other namespaces its binding does not say so.
          { role: 'K8sOperator', users: ['user:default/operator'] },
          { role: 'K8sAdmin', groups: ['group:default/platform'] },
          { role: 'K8sClusterOwner', users: ['user:default/owner'] },
        ],
      },
    },
  };
  for (let count = 0; count < 2; count += 1) {
    portals.push(
      await TestPortal.start({ postgres: database.url, encryptionKey, config }),
    );
  }
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portals[0].call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig, owner: 'user:default/owner' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  const client = eu.client();
  await client.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
  for (const namespace of [NAMESPACE, 'default']) {
    await client.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'box', namespace },
      spec: {
        containers: [
          { name: 'main', image: 'registry.example/shop/app:1.0.0' },
        ],
      },
    });
    await until('running', async () => {
      const { status: now } = await client.call<{ status: { phase: string } }>(
        'GET',
        `/api/v1/namespaces/${namespace}/pods/box`,
      );
      return now.phase === 'Running';
    });
  }
});

after(async () => {
  await Promise.all(portals.map(portal => portal.stop()));
  portals = [];
  await eu.client().call('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  await eu.client().call('DELETE', '/api/v1/namespaces/default/pods/box');
});

interface Asked {
  pod?: string;
  namespace?: string;
  body?: object;
  portal?: TestPortal;
}

async function ask(as: DemoUser, asked: Asked = {}): Promise<Answer> {
  const { pod = 'box', namespace = NAMESPACE, body = {} } = asked;
  const { portal = portals[0] } = asked;
  const answer = await portal.call(
    `POST /clusters/${cluster}/namespaces/${namespace}/pods/${pod}/terminals`,
    { as, body },
  );
  if (answer.status === 200) secrets.add(answer.body.ticket);
  return answer;
}

interface Opening {
  id: string;
  hello: unknown;
  /** Default: the portal's own; null: none. */
  origin?: string | null;
  portal?: TestPortal;
  path?: string;
}

/** A terminal as a browser has it. */
class Browser {
  output = '';
  readonly messages: {
    type: string;
    reason?: string;
    exitCode?: number;
    message?: string;
  }[] = [];
  /** Of the answer that refused the WebSocket. */
  refusal?: number;
  readonly closed: Promise<unknown>;
  readonly socket: WebSocket;

  constructor({ id, hello, origin, portal = portals[0], path }: Opening) {
    const url = `${portal.url.replace('http', 'ws')}${
      path ?? `/api/k8s/terminals/${id}`
    }`;
    this.socket = new WebSocket(url, {
      ...(origin !== null && { origin: origin ?? portal.url }),
    });
    this.socket.on('error', () => {});
    this.socket.once('unexpected-response', (_, answer) => {
      this.refusal = answer.statusCode;
      this.socket.terminate();
    });
    this.socket.once('open', () => {
      if (hello !== undefined) this.socket.send(JSON.stringify(hello));
    });
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.output += data.toString();
      else this.messages.push(JSON.parse(data.toString()));
    });
    this.closed = new Promise(resolve => {
      this.socket.once('close', resolve);
    });
  }

  get end() {
    return this.messages.find(({ type }) => type === 'end');
  }

  get isReady(): boolean {
    return this.messages.some(({ type }) => type === 'ready');
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text), { binary: true });
  }
}

/** A terminal that is open. */
async function open(as: DemoUser, asked: Asked = {}): Promise<Browser> {
  const answer = await ask(as, asked);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const { id, ticket } = answer.body;
  const { portal = portals[0] } = asked;
  const token = await portal.token(as);
  secrets.add(token);
  const browser = new Browser({ id, hello: { ticket, token }, portal });
  await until('ready', () => browser.isReady || browser.end !== undefined);
  assert.ok(browser.isReady, JSON.stringify(browser.messages));
  return browser;
}

const audit = async (query: string) => {
  const { body } = await portals[0].call(`GET /audit?${query}`, {
    as: 'admin',
  });
  return body.entries as {
    actor: string;
    action: string;
    outcome: string;
    reason?: string;
    details?: { terminal?: string; typed?: string[]; part?: number };
  }[];
};

test('nobody without the right gets a ticket', async () => {
  const refused: [string, DemoUser, Asked, number][] = [
    ['a viewer', 'viewer', {}, 403],
    ['an operator elsewhere', 'operator', { namespace: 'default' }, 403],
    ['a pod that is not there', 'operator', { pod: 'none' }, 404],
    ['no such container', 'operator', { body: { container: 'x' } }, 400],
    ['no command', 'operator', { body: { command: [] } }, 400],
    [
      'too many arguments',
      'operator',
      { body: { command: Array.from({ length: 17 }, () => 'x') } },
      400,
    ],
    ['a field that is none', 'operator', { body: { tty: false } }, 400],
  ];
  for (const [what, as, asked, status] of refused) {
    const answer = await ask(as, asked);
    assert.equal(
      answer.status,
      status,
      `${what}: ${JSON.stringify(answer.body)}`,
    );
  }
  const { body } = await ask('operator', { namespace: 'default' });
  assert.match(body.error.message, /K8sAdmin .* `terminal: true`/);
  const anonymous = await portals[0].call(
    `POST /clusters/${cluster}/namespaces/${NAMESPACE}/pods/box/terminals`,
    { body: {} },
  );
  assert.equal(anonymous.status, 401);
  const kept = await audit('action=terminal.open&outcome=refused');
  assert.deepEqual([...new Set(kept.map(({ actor }) => actor))].sort(), [
    'anonymous',
    'user:default/operator',
    'user:default/viewer',
  ]);
});

test('a page of another origin, or of none, gets no WebSocket', async () => {
  const { body } = await ask('operator');
  const token = await portals[0].token('operator');
  const hello = { ticket: body.ticket, token };
  const { port } = new URL(portals[0].url);
  for (const origin of [
    'https://evil.example',
    `http://localhost.evil.example:${port}`,
    `http://localhost:${Number(port) + 1}`,
    'null',
    null,
  ]) {
    const browser = new Browser({ id: body.id, hello, origin });
    await browser.closed;
    assert.equal(browser.refusal, 403, String(origin));
  }
  // None of them used the ticket.
  const browser = new Browser({ id: body.id, hello });
  await until('ready', () => browser.isReady);
  browser.socket.close();
  await browser.closed;
});

test('a ticket or a token in the URL is refused', async () => {
  const { body } = await ask('operator');
  const token = await portals[0].token('operator');
  for (const query of [`?ticket=${body.ticket}`, `?token=${token}`, '/x']) {
    const browser = new Browser({
      id: body.id,
      hello: undefined,
      path: `/api/k8s/terminals/${body.id}${query}`,
    });
    await browser.closed;
    assert.equal(browser.refusal, 404);
  }
});

test('a ticket that is used, expired, made up or somebody else’s opens nothing', async () => {
  const token = await portals[0].token('operator');
  const used = (await ask('operator')).body;
  const first = new Browser({
    id: used.id,
    hello: { ticket: used.ticket, token },
  });
  await until('ready', () => first.isReady);
  first.socket.close();
  await first.closed;

  const expired = (await ask('operator')).body;
  const tables = await database.query(
    "select table_schema from information_schema.tables where table_name = 'terminal_tickets'",
  );
  const table = `"${tables[0].table_schema}"."terminal_tickets"`;
  await database.query(
    `update ${table} set expires_at = expires_at - 60000 where id = '${expired.id}'`,
  );
  const others = (await ask('owner')).body;
  const mine = (await ask('operator')).body;
  const cases: [string, string, unknown][] = [
    ['used', used.id, { ticket: used.ticket, token }],
    ['expired', expired.id, { ticket: expired.ticket, token }],
    ["somebody else's", others.id, { ticket: others.ticket, token }],
    ["another terminal's", others.id, { ticket: mine.ticket, token }],
    ['made up', mine.id, { ticket: 'x'.repeat(43), token }],
    ['of no terminal', UNKNOWN, { ticket: mine.ticket, token }],
    ['without a token', mine.id, { ticket: mine.ticket }],
    ['with a token that is none', mine.id, { ticket: mine.ticket, token: 'x' }],
    ['no ticket at all', mine.id, { hello: 'world' }],
  ];
  for (const [what, id, hello] of cases) {
    const browser = new Browser({ id, hello });
    await browser.closed;
    assert.equal(browser.isReady, false, what);
    assert.equal(browser.end?.reason, 'refused', what);
  }
  // Twenty at once, over both back ends: one gets it.
  const { id, ticket } = mine;
  const races = Array.from({ length: 20 }, (_, index) => {
    const portal = portals[index % 2];
    return new Browser({ id, hello: { ticket, token }, portal });
  });
  await until('decided', () =>
    races.every(({ isReady, end }) => isReady || end !== undefined),
  );
  assert.equal(races.filter(({ isReady }) => isReady).length, 1);
  for (const { socket } of races) socket.close();
  const kept = await database.query(
    `select ticket_hash from ${table} where ticket_hash in ('${ticket}', '${used.ticket}')`,
  );
  assert.deepEqual(kept, []);
});

test('an operator whose binding says so works in a container, and it is all in the audit', async () => {
  const browser = await open('operator', { body: { command: ['sh'] } });
  browser.socket.send(
    JSON.stringify({ type: 'resize', columns: 132, rows: 43 }),
  );
  browser.type('echo "$((6 * 7)) is what was asked"\r');
  await until('answered', () =>
    browser.output.includes('42 is what was asked'),
  );
  browser.type('exit\r');
  await browser.closed;
  assert.deepEqual(
    [browser.end?.reason, browser.end?.exitCode],
    ['exited', 0],
    JSON.stringify(browser.messages),
  );
  const [opened] = await audit(
    'action=terminal.open&actor=user:default/operator&outcome=succeeded',
  );
  assert.ok(opened.details?.terminal);
  const typed = (await audit('action=terminal.input')).filter(
    ({ details }) => details?.terminal === opened.details?.terminal,
  );
  const text = typed
    .sort((one, other) => (one.details?.part ?? 0) - (other.details?.part ?? 0))
    .flatMap(({ details }) => details?.typed ?? [])
    .join('');
  assert.equal(text, 'echo "$((6 * 7)) is what was asked"\nexit\n');
  assert.ok(typed.every(({ actor }) => actor === 'user:default/operator'));
});

test('a shell opens where no command is given, and a command that fails says so', async () => {
  const browser = await open('admin', { namespace: 'default' });
  browser.type('pwd\r');
  // What a program writes just before its end, KWOK may lose.
  await until('answered', () => /portal-exec-.*\/work/.test(browser.output));
  browser.type('exit\r');
  await browser.closed;
  const failing = await open('admin', {
    body: { command: ['no-such-program'] },
  });
  await failing.closed;
  assert.notEqual(failing.end?.exitCode, 0);
});

test('a terminal opened on one back end by a ticket of another', async () => {
  const { body } = await ask('operator', { portal: portals[0] });
  const token = await portals[1].token('operator');
  const browser = new Browser({
    id: body.id,
    hello: { ticket: body.ticket, token },
    portal: portals[1],
    origin: portals[1].url,
  });
  await until('ready', () => browser.isReady || browser.end !== undefined);
  assert.ok(browser.isReady, JSON.stringify(browser.messages));
  browser.socket.close();
  await browser.closed;
});

test('nobody has more than five open, over all back ends', async () => {
  const opened: Browser[] = [];
  for (let count = 0; count < 5; count += 1) {
    opened.push(await open('admin', { portal: portals[count % 2] }));
  }
  const { body } = await ask('admin');
  const token = await portals[0].token('admin');
  const hello = { ticket: body.ticket, token };
  const sixth = new Browser({ id: body.id, hello });
  await sixth.closed;
  assert.equal(sixth.isReady, false);
  assert.match(sixth.end?.message ?? '', /5 terminals open/);
  opened[0].socket.close();
  // The ticket was not used up by that.
  await until('a place is free', async () => {
    const again = new Browser({ id: body.id, hello });
    await until('decided', () => again.isReady || again.end !== undefined);
    again.socket.close();
    return again.isReady;
  });
  for (const { socket } of opened) socket.close();
});

test('a terminal ends when the cluster is taken away on another back end', async context => {
  const [portal, other] = portals;
  const browser = await open('owner', { portal });
  const start = performance.now();
  const taken = await other.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { owner: 'group:default/platform' },
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await browser.closed;
  const elapsedMs = Math.round(performance.now() - start);
  context.diagnostic(`closed ${elapsedMs} ms after the loss`);
  assert.equal(browser.end?.reason, 'accessLost');
  assert.equal((await ask('owner', { portal })).status, 404);
});

test('signals keep their WebSocket beside ours', async () => {
  const [portal] = portals;
  const connect = () => {
    const socket = new WebSocket(
      `${portal.url.replace('http', 'ws')}/api/signals`,
    );
    socket.on('error', () => {});
    return socket;
  };
  // The very first one only makes signals listen, as without us.
  const first = connect();
  let second: WebSocket | undefined;
  await until('open', async () => {
    second?.terminate();
    second = connect();
    await Promise.race([once(second, 'open'), sleep(2_000)]);
    return second.readyState === WebSocket.OPEN;
  });
  first.terminate();
  const browser = await open('operator');
  browser.socket.close();
  await browser.closed;
  second?.terminate();
});

test('no ticket and no token is in the audit, and terminals end with the back end', async context => {
  const browser = await open('operator');
  const everything = await portals[0].call('GET /audit?limit=500', {
    as: 'admin',
  });
  const text = JSON.stringify(everything.body);
  assert.ok(secrets.size > 10);
  for (const secret of secrets) assert.ok(!text.includes(secret));
  const start = performance.now();
  await portals[0].backEnd.stop();
  context.diagnostic(`it took ${Math.round(performance.now() - start)} ms`);
  await browser.closed;
  assert.equal(browser.end?.reason, 'shutdown');
});

test('without the audit there is no terminal, and what is typed ends one', async () => {
  const [, portal] = portals;
  const { body } = await ask('operator', { portal });
  const token = await portal.token('operator');
  const running = await open('operator', { portal });
  await database.setAway(true);
  try {
    const refused = new Browser({
      id: body.id,
      hello: { ticket: body.ticket, token },
      portal,
    });
    await refused.closed;
    assert.equal(refused.isReady, false);
    running.type('echo unseen\r');
    await running.closed;
    assert.ok(
      ['auditFailed', 'accessUnknown'].includes(running.end?.reason ?? ''),
      JSON.stringify(running.end),
    );
  } finally {
    await database.setAway(false);
  }
});
