/**
 * Lists of any kind by the REST API, on two real clusters: selected, sorted and paged by the server on one of them, merged from
 * both, with what a cluster that is away or does not have the kind makes of it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const EU = 'dev-eu';
const US = 'dev-us';
type ClusterName = typeof EU | typeof US;

const SEEN_WITHIN_MS = 60_000;
const SUFFIX = randomBytes(4).toString('hex');
const NAMESPACE = `lists-${SUFFIX}`;
/** Only one cluster has it. */
const GROUP = `g${SUFFIX}.example.org`;
const CONFIG_MAPS = '/resources/core/configmaps';
/** Kubernetes puts one of its own into each namespace. */
const OURS = `namespace=${NAMESPACE}&labelSelector=`;
const ALL = `${OURS}run`;
const BOTH = `cluster=${encodeURIComponent(`name in (${EU},${US})`)}`;

/** Name, label `app`, and how many entries. */
const MADE: Record<ClusterName, [string, string, number][]> = {
  [EU]: [
    ['a', 'one', 1],
    ['c', 'two', 3],
    ['e', 'one', 2],
    ['g', 'two', 2],
    ['i', 'one', 10],
  ],
  [US]: [
    ['b', 'two', 2],
    ['c', 'one', 3],
    ['d', 'one', 4],
  ],
};

let portal: TestPortal;
const ids = new Map<ClusterName, string>();

const eu = DevelopmentCluster.named(EU);

async function read(path: string): Promise<Answer['body']> {
  const answer = await portal.call(`GET ${path}`, { as: 'viewer' });
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What a list of one cluster, or of both, answers to a query. */
const readOf = (cluster: ClusterName | 'both', query: string) =>
  read(
    cluster === 'both'
      ? `${CONFIG_MAPS}?${BOTH}&${query}`
      : `/clusters/${ids.get(cluster)}${CONFIG_MAPS}?${query}`,
  );

async function refusal(path: string): Promise<string> {
  const { status, body } = await portal.call(`GET ${path}`, { as: 'viewer' });
  assert.equal(status, 400, `${path}: ${JSON.stringify(body)}`);
  return body.error.message;
}

const nameOf = (id: string) =>
  [...ids].find(([, known]) => known === id)?.[0] ?? id;

/** Rows as `name` of a cluster's list, as `cluster name` of that of both. */
const placesOf = (cluster: ClusterName | 'both', { rows }: Answer['body']) =>
  rows.map((row: Answer['body']) =>
    cluster === 'both' ? `${nameOf(row.cluster)} ${row.name}` : row.name,
  );

async function until<T>(
  work: () => Promise<T>,
  isSo: (value: T) => boolean,
): Promise<T> {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const value = await work();
    if (isSo(value)) return value;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(value));
    await sleep(200);
  }
}

const areLive = ({ clusters }: Answer['body']) =>
  clusters.every(({ cache }: Answer['body']) => cache.state === 'live');

before(async () => {
  portal = await TestPortal.start();
  for (const name of [EU, US] as const) {
    const kubeconfig = await portalCommand('cluster', 'kubeconfig', name);
    const { status, body } = await portal.call('POST /clusters', {
      as: 'admin',
      body: { name, kubeconfig, labels: { region: name.slice(4) } },
    });
    assert.equal(status, 200, JSON.stringify(body));
    ids.set(name, body.id);
    const changes: [string, object][] = [
      ['/namespaces', { name: NAMESPACE }],
      ...MADE[name].map(([object, app, entries]): [string, object] => [
        CONFIG_MAPS,
        {
          manifest: {
            ...{ apiVersion: 'v1', kind: 'ConfigMap' },
            metadata: {
              ...{ name: object, namespace: NAMESPACE },
              labels: { run: SUFFIX, app },
            },
            data: Object.fromEntries(
              Array.from({ length: entries }, (_, index) => [`k${index}`, 'v']),
            ),
          },
        },
      ]),
    ];
    for (const [path, change] of changes) {
      const made = await portal.call(`POST /clusters/${body.id}${path}`, {
        as: 'operator',
        body: change,
      });
      assert.equal(made.status, 200, JSON.stringify(made.body));
    }
  }
  await eu.client().apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Cluster',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.size' },
          ],
        },
      ],
    },
  });
  await until(
    () => readOf('both', ALL),
    body => body.total === 8 && areLive(body),
  );
});

after(async () => {
  for (const id of ids.values()) {
    await portal.call(`DELETE /clusters/${id}/namespaces/${NAMESPACE}`, {
      as: 'operator',
    });
  }
  await portal?.stop();
  await eu
    .client()
    .call(
      'DELETE',
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${GROUP}`,
    );
});

/** Of one name on both clusters the one with the lower id comes first. */
const tied = () =>
  [EU, US]
    .sort((one, other) =>
      (ids.get(one as ClusterName) ?? '') <
      (ids.get(other as ClusterName) ?? '')
        ? -1
        : 1,
    )
    .map(name => `${name} c`);

const LISTS: [ClusterName | 'both', string, () => string[]][] = [
  [EU, ALL, () => ['a', 'c', 'e', 'g', 'i']],
  [EU, `${ALL}&sort=-name`, () => ['i', 'g', 'e', 'c', 'a']],
  // By number, and alike ones by name.
  [EU, `${ALL}&sort=data`, () => ['a', 'e', 'g', 'c', 'i']],
  [EU, `${ALL}&sort=-data`, () => ['i', 'c', 'g', 'e', 'a']],
  [EU, `${OURS}run,app%3Done`, () => ['a', 'e', 'i']],
  [EU, `${OURS}run,app+notin+(one)`, () => ['c', 'g']],
  [EU, `${ALL}&fieldSelector=metadata.name%3Dc`, () => ['c']],
  [EU, `${ALL}&fieldSelector=data%3D2`, () => ['e', 'g']],
  [EU, `${ALL}&fieldSelector=data!%3D2&sort=-name`, () => ['i', 'c', 'a']],
  [EU, `${ALL}&search=E`, () => ['e']],
  [
    'both',
    ALL,
    () => [
      ...[`${EU} a`, `${US} b`, ...tied(), `${US} d`, `${EU} e`],
      ...[`${EU} g`, `${EU} i`],
    ],
  ],
  [
    'both',
    `${ALL}&sort=-data`,
    () => [
      ...[`${EU} i`, `${US} d`, ...tied().reverse(), `${EU} g`],
      ...[`${EU} e`, `${US} b`, `${EU} a`],
    ],
  ],
  [
    'both',
    `${OURS}run,app%3Dtwo&sort=-name`,
    () => [`${EU} g`, `${EU} c`, `${US} b`],
  ],
  [
    'both',
    `${ALL}&fieldSelector=data%3D2`,
    () => [`${US} b`, `${EU} e`, `${EU} g`],
  ],
  ['both', `${ALL}&search=d`, () => [`${US} d`]],
];

describe('a list', () => {
  for (const [cluster, query, expected] of LISTS) {
    const told = query.replace(NAMESPACE, 'N');
    test(`of ${cluster} is what ${told} says, in its order`, async () => {
      const body = await readOf(cluster, query);
      assert.deepEqual(placesOf(cluster, body), expected());
      assert.equal(body.total, expected().length);
      assert.equal(body.continue, undefined);
    });

    test(`of ${cluster} has each row on one page, by ${told}`, async () => {
      for (const limit of [1, 2, 3]) {
        const seen: string[] = [];
        let place: string | undefined;
        do {
          const body = await readOf(
            cluster,
            `${query}&limit=${limit}${place ? `&continue=${place}` : ''}`,
          );
          assert.equal(body.total, expected().length);
          assert.ok(body.rows.length <= limit);
          seen.push(...placesOf(cluster, body));
          place = body.continue;
        } while (place !== undefined);
        assert.deepEqual(seen, expected());
      }
    });
  }

  for (const cluster of [EU, 'both'] as const) {
    test(`of ${cluster} has the cells of the columns that are asked for`, async () => {
      const query = `${ALL}&sort=-data&limit=1`;
      const whole = await readOf(cluster, query);
      assert.deepEqual(
        whole.columns.map(({ id }: Answer['body']) => id),
        ['data', 'keys', 'immutable'],
      );
      assert.equal(whole.rows[0].cells.length, 3);
      const chosen = await readOf(cluster, `${query}&columns=immutable,data`);
      assert.deepEqual(
        chosen.columns.map(({ id }: Answer['body']) => id),
        ['immutable', 'data'],
      );
      assert.deepEqual(chosen.rows, [
        { ...whole.rows[0], cells: [whole.rows[0].cells[2], 10] },
      ]);
      assert.equal(chosen.continue, whole.continue);
    });
  }

  test('of what cannot be read is refused, of one cluster and of many', async () => {
    const { continue: place } = await readOf(EU, `${ALL}&limit=1`);
    const { continue: placeOfBoth } = await readOf('both', `${ALL}&limit=1`);
    for (const [query, message] of [
      ['columns=data,nothing', /no column nothing; there are: data, keys,/],
      ['columns=', /columns/],
      ['columns=data,,keys', /columns/],
      ['sort=nothing', /no column nothing to sort by/],
      ['fieldSelector=nothing%3D1', /nothing/],
      ['labelSelector=app+in+(', /./],
      ['limit=0', /limit/],
      ['continue=nonsense', /continue/],
    ] as const) {
      for (const path of [
        `/clusters/${ids.get(EU)}${CONFIG_MAPS}?${query}`,
        `${CONFIG_MAPS}?${BOTH}&${query}`,
      ]) {
        assert.match(await refusal(path), message, path);
      }
    }
    for (const path of [
      `/clusters/${ids.get(US)}${CONFIG_MAPS}?${ALL}&continue=${place}`,
      `/clusters/${ids.get(
        EU,
      )}${CONFIG_MAPS}?${ALL}&sort=name&continue=${place}`,
      `${CONFIG_MAPS}?${BOTH}&${ALL}&continue=${place}`,
      `${CONFIG_MAPS}?${ALL}&continue=${placeOfBoth}`,
    ]) {
      assert.match(await refusal(path), /belongs to another list/, path);
    }
  });
});

describe('a cluster of a list', () => {
  test('has nothing of a kind that it does not have, and is no failure', async () => {
    await until(
      async () =>
        (
          await portal.call(
            `GET /clusters/${ids.get(EU)}/resources/${GROUP}/widgets`,
            { as: 'viewer' },
          )
        ).status,
      status => status === 200,
    );
    await eu.client().apply({
      ...{ apiVersion: `${GROUP}/v1`, kind: 'Widget', size: 7 },
      metadata: { name: 'only' },
    });
    const body = await until(
      () => read(`/resources/${GROUP}/widgets?${BOTH}`),
      ({ total }) => total === 1,
    );
    assert.deepEqual(placesOf('both', body), [`${EU} only`]);
    assert.deepEqual(body.rows[0].cells, [7]);
    assert.deepEqual(body.errors, []);
    assert.deepEqual(
      body.clusters.map(({ name }: Answer['body']) => name),
      [EU, US],
    );
  });

  test('that is away is told with the age of what is known of it, or as such', async () => {
    await portalCommand('cluster', 'pause', US);
    try {
      const body = await until(
        () => readOf('both', ALL),
        ({ clusters }) => clusters[1].cache.state === 'stale',
      );
      assert.equal(body.clusters[0].cache.state, 'live');
      assert.ok(Date.parse(body.clusters[1].cache.asOf) > 0);
      assert.deepEqual(body.errors, []);
      assert.equal(body.total, 8);
      // Nobody has read these yet.
      const unread = await read(`/resources/batch/cronjobs?${BOTH}`);
      assert.deepEqual(
        unread.errors.map(({ cluster }: Answer['body']) => cluster),
        [{ id: ids.get(US), name: US }],
      );
      assert.equal(unread.clusters[1].cache.state, 'syncing');
      assert.equal(unread.clusters[0].cache.state, 'live');
      for (const { cluster } of unread.rows) {
        assert.equal(cluster, ids.get(EU));
      }
    } finally {
      await portalCommand('cluster', 'resume', US);
    }
    const back = await until(() => readOf('both', ALL), areLive);
    assert.equal(back.total, 8);
  });
});
