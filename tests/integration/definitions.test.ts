/** A custom resource's definition that comes and goes at a real API server, seen by a page that is open meanwhile. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import { CachedKindDirectory } from '../../plugins/k8s-backend/src/discovery/CachedKindDirectory';
import { CachedResourceClient } from '../../plugins/k8s-backend/src/resources/CachedResourceClient';
import { LiveResourceClient } from '../../plugins/k8s-backend/src/resources/LiveResourceClient';
import { ResourceTables } from '../../plugins/k8s-backend/src/tables/ResourceTables';
import { TableTopic } from '../../plugins/k8s-backend/src/tables/TableTopic';
import type { RequestContext } from '../../plugins/k8s-node/src/resources/RequestContext';
import { connectTo } from './support/connectTo.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { within } from './support/whileWriting.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const SEEN_WITHIN_MS = 30_000;

let server: TestApiServer;
let cache: InProcessResourceCache;
let kinds: CachedKindDirectory;
let page: OpenPage;

before(async () => {
  server = await TestApiServer.start();
});

after(async () => {
  await server?.stop();
});

beforeEach(() => {
  const { connections } = connectTo(server);
  cache = new InProcessResourceCache({ connections });
  kinds = new CachedKindDirectory({ connections, now: () => Date.now() });
});

afterEach(async () => {
  await page?.close();
  kinds.stop();
  cache.stop();
});

async function send(method: 'POST' | 'DELETE', path: string, body?: object) {
  const { connection } = connectTo(server);
  const response = await connection.request({ method, path, body });
  return response.text();
}

/** Defines a kind, with objects in one version. */
const define = (plural: string, version = 'v1') =>
  send('POST', DEFINITIONS, {
    metadata: { name: `${plural}.test.example` },
    spec: {
      group: 'test.example',
      scope: 'Namespaced',
      names: { plural, singular: plural.slice(0, -1), kind: kindOf(plural) },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
      ],
    },
  });

/** Ends the kind and, as the API server does it, all of its objects. */
const remove = (plural: string) =>
  send('DELETE', `${DEFINITIONS}/${plural}.test.example`);

const kindOf = (plural: string) =>
  `${plural[0].toUpperCase()}${plural.slice(1, -1)}`;

/** Until the API server serves the kind. */
const create = (plural: string, name: string, version = 'v1') =>
  within(
    SEEN_WITHIN_MS,
    () =>
      send(
        'POST',
        `/apis/test.example/${version}/namespaces/default/${plural}`,
        {
          apiVersion: `test.example/${version}`,
          kind: kindOf(plural),
          metadata: { name },
        },
      ).then(
        () => true,
        () => false,
      ),
    `${name} can be created`,
  );

/** Until the API server does not serve the kind any more. */
const isGone = (plural: string, version = 'v1') =>
  within(
    SEEN_WITHIN_MS,
    async () => {
      const { connection } = connectTo(server);
      const path = `/apis/test.example/${version}/${plural}`;
      return connection.request({ path }).then(
        () => false,
        error => error.name === 'NotFoundError',
      );
    },
    `${plural} are gone`,
  );

function context(signal: AbortSignal): RequestContext {
  return {
    credentials: { $$type: '@backstage/BackstageCredentials', principal: {} },
    principal: { type: 'system', ref: 'system' },
    requestId: 'request',
    signal,
    audit: { recorded: false },
  };
}

/** Reads a kind as a browser does: once at each `reset`, and what is told after it. */
class OpenPage {
  /** Names of what is shown; undefined: the kind is said to be unknown. */
  names: Set<string> | undefined;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;

  constructor(plural: string) {
    this.#done = this.#run(plural);
  }

  async close() {
    this.#end.abort();
    await this.#done;
  }

  async #run(plural: string) {
    const { connections } = connectTo(server);
    const live = new LiveResourceClient({ connections });
    const resources = new CachedResourceClient({ live, cache });
    const cluster = { id: 'c', name: 'c', labels: {} };
    const clusters = { get: async () => cluster, list: async () => [cluster] };
    const parts = { resources, kinds, clusters };
    const topic = new TableTopic(parts);
    const tables = new ResourceTables(parts);
    const told = topic.open(
      {
        id: 's',
        topic: 'resources',
        cluster: 'c',
        group: 'test.example',
        plural,
      },
      context(this.#end.signal),
    );
    for await (const event of told) {
      if (event.type === 'reset') {
        const answer = await tables
          .ofCluster('c', {
            type: { group: 'test.example', plural },
            wanted: { limit: 100 },
            context: context(this.#end.signal),
          })
          .catch(error => {
            if (error.name !== 'NotFoundError') throw error;
          });
        const table = answer?.parse() as { rows: Row[] } | undefined;
        this.names = table && new Set(table.rows.map(({ name }) => name));
        continue;
      }
      for (const row of event.upserted as Row[]) this.names?.add(row.name);
      for (const key of event.deleted) {
        this.names?.delete(key.split('/').at(-1) ?? '');
      }
    }
  }
}

interface Row {
  name: string;
}

const shows = (...names: string[]) =>
  within(
    SEEN_WITHIN_MS,
    () => page.names !== undefined && [...page.names].join() === names.join(),
    `the page shows ${names}`,
  );

describe('a page of a kind', () => {
  it('shows the objects of a definition that was removed for long and made again', async () => {
    await define('gadgets');
    await create('gadgets', 'one');
    page = new OpenPage('gadgets');
    await shows('one');
    await remove('gadgets');
    await shows();
    await isGone('gadgets');
    // Until whoever waits has become patient.
    const { signal } = new AbortController();
    const query = {
      ...{ cluster: 'c', group: 'test.example' },
      ...{ version: 'v1', plural: 'gadgets' },
    };
    let failures = 0;
    await within(
      60_000,
      async () => {
        failures = (await cache.kinds())[0].errors;
        return failures > 5;
      },
      'it was looked for several times',
    );
    await assert.rejects(cache.list(query, { signal }), {
      name: 'NotFoundError',
    });
    await define('gadgets');
    await create('gadgets', 'two');
    await shows('two');
  });

  it('shows the objects of a definition that was made again in another version', async () => {
    await define('widgets');
    await create('widgets', 'one');
    page = new OpenPage('widgets');
    await shows('one');
    await remove('widgets');
    await isGone('widgets');
    await define('widgets', 'v2');
    await create('widgets', 'two', 'v2');
    await shows('two');
  });

  it('that was opened before the definition was made shows its objects', async () => {
    page = new OpenPage('trinkets');
    await within(
      SEEN_WITHIN_MS,
      () => page.names === undefined,
      'the kind is unknown',
    );
    await define('trinkets');
    await create('trinkets', 'one');
    await shows('one');
  });
});
