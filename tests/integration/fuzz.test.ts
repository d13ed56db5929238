/**
 * Made-up requests on every operation of the contract, by every role, on a cluster of their own: none is a failure of ours, and no
 * answer is outside the contract. Repeated with FUZZ_SEED; for longer with FUZZ_SECONDS.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createDatabase } from './support/createDatabase.ts';
import { FuzzContract } from './support/fuzz/FuzzContract.ts';
import type { FuzzOperation } from './support/fuzz/FuzzContract.ts';
import { Fuzzer } from './support/fuzz/Fuzzer.ts';
import type { Finding, FuzzCaller } from './support/fuzz/Fuzzer.ts';
import { PLANTED } from './support/fuzz/FuzzValues.ts';
import type { FuzzWorld } from './support/fuzz/FuzzValues.ts';
import { Random } from './support/fuzz/Random.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { TestPortal } from './support/TestPortal.ts';

const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
/** Instead of a number of requests for each operation and caller. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const REQUESTS = 5;
/** Requests at once; more say less about which of them did it. */
const AT_ONCE = 4;
const MAX_SHOWN = 20;
const SERVICE_TOKEN = 'token-of-the-service-fuzz';

let server: TestApiServer;
let portal: TestPortal;
let callers: FuzzCaller[];
/** Its id changes when the cluster is removed and registered again. */
let world: FuzzWorld;

before(async () => {
  const { url: postgres } = await createDatabase();
  server = await TestApiServer.start();
  portal = await TestPortal.start({
    postgres,
    config: {
      backend: {
        auth: {
          externalAccess: [
            {
              type: 'static',
              options: { token: SERVICE_TOKEN, subject: 'external:fuzz' },
            },
          ],
        },
      },
      k8s: {
        integration: { timeout: 1 },
        addresses: { allow: ['127.0.0.1/32'] },
        permission: {
          services: [
            { subject: 'plugin:catalog', role: 'K8sViewer' },
            { subject: 'external:fuzz', role: 'K8sOperator' },
          ],
        },
      },
    },
  });
  callers = [
    ...(await Promise.all(
      (['viewer', 'operator', 'admin', 'owner'] as const).map(async name => ({
        name,
        token: await portal.token(name),
      })),
    )),
    { name: 'a service', token: SERVICE_TOKEN },
    { name: 'nobody' },
  ];
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'default',
    contexts: [{ name: 'default', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: `https://127.0.0.1:${server.port}`,
          'certificate-authority-data': Buffer.from(server.caData).toString(
            'base64',
          ),
        },
      },
    ],
    users: [{ name: 'u', user: { token: server.token } }],
  });
  world = { cluster: '', kubeconfig, address: `127.0.0.1:${server.port}` };
  await untilRegistered();
});

after(async () => {
  await portal?.stop();
  await server?.stop();
});

/** Registers the cluster, again when somebody has removed it, and makes what there is to be found. */
async function untilRegistered(): Promise<void> {
  const { body: known } = await portal.call('GET /clusters', { as: 'admin' });
  if (known.clusters.some(({ id }: { id: string }) => id === world.cluster)) {
    return;
  }
  const [other] = known.clusters;
  const registered = other
    ? { status: 200, body: other }
    : await portal.call('POST /clusters', {
        as: 'admin',
        body: {
          name: 'fuzzed',
          kubeconfig: world.kubeconfig,
          owner: 'user:default/owner',
        },
      });
  assert.equal(
    registered.status,
    200,
    `${JSON.stringify(registered.body)}\n${server.tail()}`,
  );
  world.cluster = registered.body.id;
  const path = `/clusters/${world.cluster}`;
  const make = (route: string, body: unknown) =>
    portal.call(`POST ${path}${route}`, { as: 'admin', body });
  const labels = { app: 'app' };
  const pod = { containers: [{ name: 'app', image: 'example.org/app:1' }] };
  const metadata = { name: 'app', namespace: 'fuzz', labels };
  await make('/namespaces', { name: 'fuzz' });
  await make('/deployments', {
    name: 'app',
    namespace: 'fuzz',
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pod },
    },
  });
  for (const [plural, manifest] of [
    ['pods', { kind: 'Pod', spec: pod }],
    ['configmaps', { kind: 'ConfigMap', data: { a: 'b' } }],
    ['secrets', { kind: 'Secret', stringData: { a: PLANTED } }],
    ['services', { kind: 'Service', spec: { ports: [{ port: 80 }] } }],
  ] as const) {
    await make(`/resources/core/${plural}`, {
      manifest: { apiVersion: 'v1', metadata, ...manifest },
    });
  }
}

/** The requests to make, in order. */
function* turns(
  operations: FuzzOperation[],
  random: Random,
): Generator<[FuzzOperation, FuzzCaller]> {
  if (SECONDS === 0) {
    for (let round = 0; round < REQUESTS; round++) {
      for (const operation of operations) {
        for (const caller of callers) yield [operation, caller];
      }
    }
    return;
  }
  const end = Date.now() + SECONDS * 1000;
  while (Date.now() < end) {
    yield [random.pick(operations), random.pick(callers)];
  }
}

/** What is needed to see it again, and what the back end's log says of it. */
function describe({ problem, operation, caller, ...rest }: Finding): string {
  const { request, answer } = rest;
  const id = String(answer?.headers['x-request-id']);
  const logged = readFileSync(portal.log, 'utf8')
    .split('\n')
    .filter(line => line.includes(id));
  return [
    `${problem}: ${operation} as ${caller}`,
    `${request.method} ${request.path.slice(0, 1000)}`,
    JSON.stringify(request.headers)
      .replace(/Bearer [^"]+/, 'Bearer …')
      .slice(0, 500),
    request.body?.slice(0, 2000) ?? '',
    `→ ${answer?.text.slice(0, 1000)}`,
    ...logged.map(line => line.slice(0, 2000)),
  ].join('\n');
}

test(`no request of seed ${SEED} is answered by a failure or outside the contract`, async context => {
  const contract = new FuzzContract();
  const random = new Random(SEED);
  const fuzzer = new Fuzzer({ url: portal.url, contract, random, world });
  const findings: Finding[] = [];
  let batch: Promise<Finding | undefined>[] = [];
  const settle = async () => {
    for (const finding of await Promise.all(batch)) {
      if (finding) findings.push(finding);
    }
    batch = [];
    await untilRegistered();
  };
  let requests = 0;
  for (const [operation, caller] of turns(contract.operations, random)) {
    requests++;
    batch.push(fuzzer.once(operation, caller));
    if (batch.length === AT_ONCE) await settle();
  }
  await settle();
  const statuses = [...fuzzer.statuses]
    .sort(([one], [other]) => one - other)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ');
  context.diagnostic(`${requests} requests; ${statuses}`);
  findings
    .slice(0, MAX_SHOWN)
    .forEach(finding => context.diagnostic(describe(finding)));
  assert.equal(findings.length, 0, `FUZZ_SEED=${SEED} makes them again`);
  // Most of them have to get past the edge, or little was tried.
  const done = fuzzer.statuses.get(200) ?? 0;
  assert.ok(done > requests / 20, `only ${done} of ${requests} were done`);
});

test('the back end is still there, and has noted no failure', async () => {
  const { status } = await portal.call('GET /status', { as: 'admin' });
  assert.equal(status, 200);
  const log = readFileSync(portal.log, 'utf8');
  assert.doesNotMatch(log, /uncaughtException|unhandledRejection|Unhandled/i);
  assert.doesNotMatch(log, /A refusal is not audited|is not audited/);
});
