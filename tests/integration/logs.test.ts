/** Logs of containers, through the API server of a real cluster: of one pod, of several at once, as they are written, as a file. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { createDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

/** What is promised is ten seconds; a loaded machine is not what is tested here. */
const PATIENCE_MS = 60_000;
const NAMESPACE = `logs-${process.pid}`;
const PODS = ['one', 'two', 'three'];
const WRITTEN = /nothing runs in it/;

const eu = DevelopmentCluster.named('dev-eu');
let portals: TestPortal[] = [];
let cluster: string;

interface LogEvent {
  event: string;
  data: {
    pod?: string;
    container?: string;
    reason?: string;
    message?: string;
    pods?: { pod: string; container: string }[];
    lines?: { at?: string; text: string }[];
  };
}

async function until(what: string, holds: () => boolean | Promise<boolean>) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not ${what}`);
    await sleep(200);
  }
}

async function runPod(name: string): Promise<void> {
  await eu.client().apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: 'talks' } },
    spec: {
      containers: ['main', 'beside'].map(container => ({
        name: container,
        image: 'registry.example/shop/app:1.0.0',
      })),
    },
  });
}

const isRunning = async (name: string) => {
  const pod = await eu
    .client()
    .call<{ status: { phase: string } }>(
      'GET',
      `/api/v1/namespaces/${NAMESPACE}/pods/${name}`,
    );
  return pod.status.phase === 'Running';
};

before(async () => {
  const { url: postgres } = await createDatabase();
  const encryptionKey = Buffer.alloc(32, 7).toString('base64');
  const config = {
    k8s: {
      permission: {
        bindings: [
          { role: 'K8sViewer', users: ['user:default/viewer'] },
          {
            role: 'K8sViewer',
            users: ['user:default/operator'],
            namespaces: ['default'],
          },
          { role: 'K8sAdmin', groups: ['group:default/platform'] },
          { role: 'K8sClusterOwner', users: ['user:default/owner'] },
        ],
      },
    },
  };
  for (let count = 0; count < 2; count += 1) {
    portals.push(await TestPortal.start({ postgres, encryptionKey, config }));
  }
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portals[0].call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig, owner: 'user:default/owner' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  await eu.client().apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
  for (const pod of PODS) await runPod(pod);
  for (const pod of PODS) await until('running', () => isRunning(pod));
});

after(async () => {
  await Promise.all(portals.map(portal => portal.stop()));
  portals = [];
  await eu.client().call('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
});

const logsOf = (pod: string, query = '', namespace = NAMESPACE) =>
  `GET /clusters/${cluster}/namespaces/${namespace}/pods/${pod}/logs${query}`;

function eventsIn(text: string): LogEvent[] {
  return text
    .split('\n\n')
    .filter(part => part.startsWith('event: '))
    .map(part => {
      const [event, data] = part.split('\n');
      return { event: event.slice(7), data: JSON.parse(data.slice(6)) };
    });
}

/** Opens a stream and collects what it says. */
async function open(as: DemoUser, body: object, portal = portals[0]) {
  const abort = new AbortController();
  const answer = await fetch(
    `${portal.url}/api/k8s/clusters/${cluster}/log-streams`,
    {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await portal.token(as)}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ namespace: NAMESPACE, ...body }),
      signal: abort.signal,
    },
  );
  let text = '';
  const read = async () => {
    if (answer.status !== 200) {
      text = await answer.text();
      return;
    }
    for await (const piece of answer.body!.pipeThrough(
      new TextDecoderStream(),
    )) {
      text += piece;
    }
  };
  const ended = read().catch(() => undefined);
  return {
    status: answer.status,
    ended,
    events: () => eventsIn(text),
    /** What a pod has said so far. */
    said: (pod: string) =>
      eventsIn(text)
        .filter(({ event, data }) => event === 'lines' && data.pod === pod)
        .flatMap(({ data }) => data.lines ?? []),
    error: () => JSON.parse(text).error.message as string,
    close: () => abort.abort(),
  };
}

test('somebody who may see a pod reads what it wrote', async () => {
  const { status, body } = await portals[0].call(logsOf('one'), {
    as: 'viewer',
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.pod, 'one');
  // The first of its containers.
  assert.equal(body.container, 'main');
  assert.equal(body.truncated, false);
  const line = body.lines.find(({ text }: { text: string }) =>
    WRITTEN.test(text),
  );
  assert.match(line.at, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.match(line.text, /^This container/);
  const last = await portals[0].call(
    logsOf('one', '?container=beside&tailLines=1'),
    { as: 'viewer' },
  );
  assert.equal(last.body.container, 'beside', JSON.stringify(last.body));
  assert.equal(last.body.lines.length, 1);
});

test('a search answers the lines that hold the text', async () => {
  const { body } = await portals[0].call(logsOf('one', '?search=PLAYED%20by'), {
    as: 'viewer',
  });
  assert.ok(body.lines.length >= 1);
  for (const { text } of body.lines) assert.match(text, /played by/i);
  const none = await portals[0].call(
    logsOf('one', '?search=%28a%2B%29%2B%24'),
    {
      as: 'viewer',
    },
  );
  assert.deepEqual([none.status, none.body.lines], [200, []]);
});

test('a file holds all lines, with their times', async () => {
  const { status, headers, body } = await portals[0].call(
    logsOf('two', '?download=true&container=main'),
    { as: 'viewer' },
  );
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.equal(
    headers.get('content-disposition'),
    'attachment; filename="two.main.log"',
  );
  assert.match(body, /^\d{4}-\d\d-\d\dT\S+Z Started\.\n/);
  assert.match(body, WRITTEN);
});

test('several pods are read at once, and the stream says when each ends', async () => {
  const stream = await open('viewer', { pods: PODS });
  assert.equal(stream.status, 200);
  await stream.ended;
  for (const pod of PODS) {
    assert.ok(stream.said(pod).some(({ text }) => WRITTEN.test(text)));
  }
  const ends = stream.events().filter(({ event }) => event === 'end');
  assert.deepEqual(ends.map(({ data }) => data.pod ?? '').sort(), [
    '',
    ...[...PODS].sort(),
  ]);
  assert.ok(ends.every(({ data }) => data.reason === 'ended'));
});

test('a pod of several that is not there says so, and keeps nobody from the others', async () => {
  const stream = await open('viewer', { pods: ['one', 'no-such-pod'] });
  await stream.ended;
  assert.ok(stream.said('one').length > 0);
  const failed = stream.events().find(({ data }) => data.pod === 'no-such-pod');
  assert.equal(failed?.data.reason, 'failed');
  assert.match(failed?.data.message ?? '', /not found/);
});

test('what is written later follows, inert, and pods that come are read too', async () => {
  const stream = await open('viewer', {
    labelSelector: 'app=talks',
    follow: true,
    tailLines: 1,
  });
  assert.equal(stream.status, 200);
  await until('read', () => PODS.every(pod => stream.said(pod).length > 0));
  const mark = `later-${process.pid}`;
  const evil = `\u001b[31m${mark}\u001b]0;title\u0007 \u202eturned\u001b[2J`;
  appendFileSync(
    eu.files.containerLog,
    `${new Date().toISOString()} stdout F ${evil}\n`,
  );
  await until('followed', () =>
    PODS.every(pod =>
      stream.said(pod).some(({ text }) => text === `${mark} \\u202eturned`),
    ),
  );
  await runPod('late');
  await until('read as it came', () =>
    stream.said('late').some(({ text }) => WRITTEN.test(text)),
  );
  stream.close();
});

test('logs that may not be read, or are nowhere, are refused', async () => {
  const refused: [string, DemoUser, string, number][] = [
    ['a pod that is not there', 'viewer', logsOf('none'), 404],
    ['another namespace', 'operator', logsOf('one'), 404],
    [
      'a container that it does not have',
      'viewer',
      logsOf('one', '?container=x'),
      400,
    ],
    [
      'a start that there was not',
      'viewer',
      logsOf('one', '?tailLines=0'),
      400,
    ],
    ['a name that is none', 'viewer', logsOf('..%2fx'), 400],
    ['a field that is none', 'viewer', logsOf('one', '?follow=true'), 400],
  ];
  for (const [what, as, route, status] of refused) {
    const answer = await portals[0].call(route, { as });
    assert.equal(
      answer.status,
      status,
      `${what}: ${JSON.stringify(answer.body)}`,
    );
  }
  const anonymous = await portals[0].call(logsOf('one'));
  assert.equal(anonymous.status, 401);
  const streams: [string, object, number][] = [
    ['neither pods nor a selector', {}, 400],
    ['both', { pods: ['one'], labelSelector: 'app=talks' }, 400],
    [
      'too many pods',
      { pods: Array.from({ length: 21 }, (_, i) => `p${i}`) },
      400,
    ],
    ['a selector that is none', { labelSelector: 'app in (' }, 400],
    ['no pod of several', { pods: ['none', 'nothing'] }, 404],
  ];
  for (const [what, body, status] of streams) {
    const stream = await open('viewer', body);
    stream.close();
    assert.equal(stream.status, status, what);
  }
  const selected = await open('operator', { labelSelector: 'app=talks' });
  assert.equal(selected.status, 403);
});

test('whose logs were read is in the audit, once a stream, and what was refused too', async () => {
  const { body } = await portals[0].call('GET /audit?action=logs.read', {
    as: 'admin',
  });
  const of = (actor: string, outcome: string) =>
    body.entries.filter(
      (entry: { actor: string; outcome: string }) =>
        entry.actor === `user:default/${actor}` && entry.outcome === outcome,
    );
  const followed = of('viewer', 'succeeded').filter(
    ({ details }: { details?: { follow?: boolean } }) => details?.follow,
  );
  assert.equal(followed.length, 1);
  assert.equal(followed[0].details.labelSelector, 'app=talks');
  assert.equal(followed[0].resource.namespace, NAMESPACE);
  assert.equal(followed[0].clusterName, 'dev-eu');
  assert.equal(of('operator', 'refused').length, 1);
  assert.ok(of('viewer', 'failed').length > 0);
  assert.doesNotMatch(JSON.stringify(body), WRITTEN);
});

test('a stream ends when the cluster is taken away on another back end', async context => {
  const [portal, other] = portals;
  const stream = await open('owner', { pods: PODS, follow: true }, portal);
  await until('read', () => stream.said('one').length > 0);
  const start = performance.now();
  const taken = await other.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { owner: 'group:default/platform' },
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await until('ended', () =>
    stream.events().some(({ data }) => data.reason === 'accessLost'),
  );
  const elapsedMs = Math.round(performance.now() - start);
  context.diagnostic(`ended ${elapsedMs} ms after the loss`);
  await stream.ended;
  assert.equal((await open('owner', { pods: PODS }, portal)).status, 404);
});

test('streams end with the back end, and say so', async () => {
  const [portal] = portals;
  const stream = await open('viewer', { pods: ['one'], follow: true }, portal);
  await until('read', () => stream.said('one').length > 0);
  await portal.backEnd.stop();
  await stream.ended;
  assert.equal(stream.events().at(-1)?.data.reason, 'shutdown');
});
