/**
 * What is read when networks and API servers do what they should not: bytes that a test has thought out, over real sockets.
 * How a real API server behaves is tested in the integration tests.
 */
import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { InProcessResourceCache } from './InProcessResourceCache';
import type { CacheTimings } from './CacheTimings';
import { CannedApiServer } from './__testUtils__/CannedApiServer';
import type { CannedRequest } from './__testUtils__/CannedApiServer';
import {
  bookmark,
  CONFIG_MAPS,
  CONFIG_MAPS_PATH,
  configMap,
  eventually,
  line,
  listOf,
  statusBody,
} from './__testUtils__/objects';

const SECRETS_PATH = '/api/v1/secrets';
const SECRETS = { ...CONFIG_MAPS, plural: 'secrets' };
const FAST: Partial<CacheTimings> = {
  probeIntervalMs: 200,
  awayProbeIntervalMs: 100,
  probeTimeoutMs: 500,
  jitterMs: 10,
  firstPauseMs: 20,
  longestPauseMs: 100,
  refusedPauseMs: 200,
  absentPauseMs: 200,
  syncWaitMs: 3_000,
  versionWaitMs: 100,
};

// For a machine that is busy with other tests.
jest.setTimeout(30_000);

let server: CannedApiServer;
let cache: InProcessResourceCache;

/** Starts a server that answers lists with `list` (unless that answers itself) and leaves watches open. */
async function start(
  answer: (
    request: CannedRequest,
    response: ServerResponse,
  ) => string | undefined | void,
  timings: Partial<CacheTimings> = {},
) {
  server = new CannedApiServer((request, response) => {
    const body = answer(request, response);
    if (body === undefined) return;
    if (request.isWatch) response.write(body);
    else response.end(body);
  });
  await server.start();
  cache = new InProcessResourceCache({
    connections: server.connections,
    timings: { ...FAST, ...timings },
  });
}

afterEach(async () => {
  cache.stop();
  await server.stop();
});

const signal = () => new AbortController().signal;

async function list() {
  const result = await cache.list(CONFIG_MAPS, { signal: signal() });
  return result?.items ?? [];
}

/** Name and version of what is cached. */
async function names(): Promise<string[]> {
  const items = await list();
  return items
    .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
    .sort();
}

const status = async () =>
  (await cache.kinds()).find(({ plural }) => plural === 'configmaps');

function fail(
  response: ServerResponse,
  code: number,
  more: { headers?: Record<string, string>; message?: string } = {},
) {
  response.writeHead(code, more.headers);
  response.end(JSON.stringify(statusBody(code, { message: more.message })));
}

const watch = (path = CONFIG_MAPS_PATH) => {
  const open = server.watches.get(path);
  if (!open) throw new Error('No watch is open');
  return open;
};
const watchesOpened = (count: number) =>
  eventually(() => server.watched(CONFIG_MAPS_PATH).length >= count);

/** Whether a watch only asks whether there is something to tell. */
const isCheck = (query: URLSearchParams) => query.get('timeoutSeconds') === '1';

describe('reading', () => {
  it('reads a list in pages, byte by byte, then what changes', async () => {
    const pages: Record<string, string> = {
      '': listOf([configMap('a', 1), configMap('b', 2)], 10, {
        continue: 'next/+=',
      }),
      'next/+=': listOf([configMap('ç "[{', 3)], 10),
    };
    await start(({ isWatch, query }, response) => {
      if (isWatch) return;
      const bytes = Buffer.from(pages[query.get('continue') ?? '']);
      void (async () => {
        for (const byte of bytes) {
          response.write(Buffer.from([byte]));
          await new Promise(resolve => setImmediate(resolve));
        }
        response.end();
      })();
    });
    expect(await names()).toEqual(['a@1', 'b@2', 'ç "[{@3']);
    const [first] = server.lists(CONFIG_MAPS_PATH);
    expect(first.query.get('limit')).toBe('500');
    await watchesOpened(1);
    const [opened] = server.watched(CONFIG_MAPS_PATH);
    expect(opened.query.get('resourceVersion')).toBe('10');
    expect(opened.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(opened.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(
      300,
    );
    const added = line('ADDED', configMap('漢', 11));
    for (const byte of Buffer.from(added)) watch().write(Buffer.from([byte]));
    watch().write(
      line('MODIFIED', configMap('a', 12)) +
        line('DELETED', configMap('b', 13)),
    );
    await eventually(async () => !(await names()).includes('b@2'));
    expect(await names()).toEqual(['a@12', 'ç "[{@3', '漢@11'].sort());
    expect(await status()).toMatchObject({
      state: 'live',
      lists: 1,
      garbage: 0,
    });
  });

  it('takes a line of 5 MB and repeated lines, and a bookmark', async () => {
    await start(({ isWatch }) =>
      isWatch ? undefined : listOf([configMap('a', 1)], 10),
    );
    await list();
    await watchesOpened(1);
    const big = configMap('big', 11, { data: { x: 'y'.repeat(5_000_000) } });
    const gone = line('DELETED', configMap('a', 12));
    watch().write(line('ADDED', big) + line('ADDED', big));
    watch().write(
      gone +
        gone +
        line('ADDED', configMap('a', 1)) +
        bookmark(20) +
        bookmark(20),
    );
    await eventually(async () => (await names()).join() === 'big@11');
    watch().destroy();
    await watchesOpened(2);
    const [, again] = server.watched(CONFIG_MAPS_PATH);
    expect(again.query.get('resourceVersion')).toBe('20');
    expect(await status()).toMatchObject({ lists: 1, garbage: 0, objects: 1 });
  });

  it('keeps neither values of Secrets nor what only takes up space', async () => {
    const noisy: KubernetesObject = {
      ...configMap('s', 5, { data: { password: 'aHVudGVyMg==' } }),
      stringData: { other: 'hunter2' },
    };
    noisy.metadata.managedFields = [{ manager: 'somebody' }];
    noisy.metadata.annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': 'hunter2',
      kept: 'yes',
    };
    await start(({ isWatch }) =>
      isWatch
        ? line('ADDED', {
            ...noisy,
            metadata: { ...noisy.metadata, name: 't', resourceVersion: '11' },
          })
        : listOf([noisy], 10),
    );
    const all = async () =>
      (await cache.list(SECRETS, { signal: signal() }))?.items ?? [];
    await eventually(async () => (await all()).length === 2);
    for (const object of await all()) {
      expect(object.data).toEqual({ password: '' });
      expect(object.stringData).toEqual({ other: '' });
      expect(object.metadata.annotations).toEqual({ kept: 'yes' });
      expect(object.metadata.managedFields).toBeUndefined();
    }
    expect(JSON.stringify(await all())).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});

describe('a watch', () => {
  it.each([
    ['not JSON', 'garbage\n'],
    ['half JSON', '{"type":"ADDED","object":{"metad\n'],
    ['an unknown type', line('EXPLODED', configMap('x', 11))],
    ['no type', `${JSON.stringify(configMap('x', 11))}\n`],
    ['an object without a name', line('ADDED', { metadata: {} })],
    ['a bookmark without version', line('BOOKMARK', { metadata: {} })],
    ['null', 'null\n'],
  ])('with garbage (%s) is answered by one relist', async (_, garbage) => {
    await start(({ isWatch, count }) => {
      if (isWatch) return count === 0 ? garbage : undefined;
      return count === 0
        ? listOf([configMap('ghost', 1)], 10)
        : listOf([configMap('a', 12)], 20);
    });
    await list();
    await eventually(async () => (await names()).join() === 'a@12');
    await watchesOpened(2);
    expect(await status()).toMatchObject({ lists: 2, garbage: 1, objects: 1 });
    const [, again] = server.watched(CONFIG_MAPS_PATH);
    expect(again.query.get('resourceVersion')).toBe('20');
  });

  it.each([
    [
      'as an event',
      (response: ServerResponse) => {
        response.write(line('ERROR', statusBody(410, { reason: 'Expired' })));
      },
    ],
    ['as the answer', (response: ServerResponse) => fail(response, 410)],
  ])('with 410 %s is answered by one relist', async (_, expire) => {
    await start(({ isWatch, count }, response) => {
      if (isWatch) return count === 0 ? expire(response) : undefined;
      return listOf([configMap(`a${count}`, 1)], 10 + count);
    });
    await list();
    await eventually(async () => (await names()).join() === 'a1@1');
    await watchesOpened(2);
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(2);
    expect(await status()).toMatchObject({ state: 'live', lists: 2 });
  });

  it('that always says 410 does not make it list in a hot loop', async () => {
    await start(
      ({ isWatch }) =>
        isWatch ? line('ERROR', statusBody(410)) : listOf([], 10),
      { firstPauseMs: 1_000, longestPauseMs: 60_000 },
    );
    await list();
    await eventually(async () => ((await status())?.errors ?? 0) >= 2);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(server.lists(CONFIG_MAPS_PATH).length).toBeLessThanOrEqual(3);
  });

  it('that breaks is opened again from the last version, without a list', async () => {
    await start(({ isWatch, count }) => {
      if (!isWatch) return listOf([configMap('a', 1)], 10);
      return count === 0
        ? `${line('ADDED', configMap('b', 11))}{"type":"ADD`
        : line('ADDED', configMap('c', 12));
    });
    await list();
    await eventually(async () => (await names()).includes('b@11'));
    watch().destroy();
    await eventually(async () => (await names()).includes('c@12'));
    const [, again] = server.watched(CONFIG_MAPS_PATH);
    expect(again.query.get('resourceVersion')).toBe('11');
    expect(await status()).toMatchObject({ lists: 1, garbage: 0 });
  });

  it('that ends in good order at once is not asked for in a hot loop', async () => {
    await start(
      ({ isWatch }, response) => {
        if (!isWatch) return listOf([], 10);
        response.end();
        return undefined;
      },
      { firstPauseMs: 1_000 },
    );
    await list();
    await watchesOpened(1);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(server.watched(CONFIG_MAPS_PATH)).toHaveLength(1);
  });

  it('that cannot be opened again is answered by a list: an etcd may have been restored', async () => {
    let isBroken = false;
    await start(({ isWatch, count }, response) => {
      if (isBroken) return fail(response, 503);
      if (isWatch) return undefined;
      // The restored etcd has caught up: its version is later than ours, and yet it is another past.
      return count === 0
        ? listOf([configMap('lost', 9)], 10)
        : listOf([configMap('kept', 8)], 50);
    });
    await list();
    await watchesOpened(1);
    isBroken = true;
    watch().destroy();
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'stale');
    isBroken = false;
    await eventually(async () => (await names()).join() === 'kept@8');
    expect(await status()).toMatchObject({ lists: 2 });
  });

  it('that goes silent is opened again', async () => {
    await start(
      ({ isWatch, count, query }) => {
        if (isWatch) {
          return count === 1 ? line('ADDED', configMap('b', 12)) : undefined;
        }
        return query.get('limit') === '1'
          ? listOf([], 15)
          : listOf([configMap('a', 1)], 10);
      },
      { silenceMs: 150 },
    );
    await list();
    await eventually(async () => (await names()).includes('b@12'));
    const [, again] = server.watched(CONFIG_MAPS_PATH);
    expect(again.query.get('resourceVersion')).toBe('10');
    expect(await status()).toMatchObject({ lists: 1 });
  });

  it('that has died without a sign is opened again once another one tells more', async () => {
    await start(
      ({ isWatch, query }) => {
        if (!isWatch) {
          return query.get('limit') === '1'
            ? listOf([], 15)
            : listOf([configMap('a', 1)], 10);
        }
        const isDead =
          server.watched(CONFIG_MAPS_PATH).length === 1 && !isCheck(query);
        return isDead ? undefined : line('ADDED', configMap('b', 12));
      },
      { quietMs: 100 },
    );
    await list();
    await eventually(async () => (await names()).includes('b@12'));
    const opened = server
      .watched(CONFIG_MAPS_PATH)
      .filter(({ query }) => !isCheck(query));
    expect(opened.map(({ query }) => query.get('resourceVersion'))).toEqual([
      '10',
      '10',
    ]);
    expect(await status()).toMatchObject({ lists: 1 });
  });

  it.each([
    ['nothing', ''],
    ['that it is too old', line('ERROR', statusBody(410))],
    ['garbage', 'garbage\n'],
  ])(
    'that is only quiet stays open when another one is told %s',
    async (_, said) => {
      await start(
        ({ isWatch, query }, response) => {
          if (!isWatch) return listOf([configMap('a', 1)], 10);
          if (isCheck(query)) response.end(said);
          return undefined;
        },
        { quietMs: 40 },
      );
      await list();
      await watchesOpened(5);
      const checks = server
        .watched(CONFIG_MAPS_PATH)
        .filter(({ query }) => isCheck(query));
      expect(checks).toHaveLength(server.watched(CONFIG_MAPS_PATH).length - 1);
      // None of them takes a connection of what is answered at once.
      const ofWatches = server.uses.filter(use => use === 'watches');
      expect(ofWatches.length).toBeGreaterThanOrEqual(checks.length + 1);
      expect(await status()).toMatchObject({
        state: 'live',
        lists: 1,
        errors: 0,
      });
    },
  );

  it('that is silent since the cluster is older than our version is answered by a list', async () => {
    await start(
      ({ isWatch, query, count }) => {
        if (isWatch) return undefined;
        if (query.get('limit') === '1') return listOf([], 5);
        return count === 0
          ? listOf([configMap('new', 9)], 10)
          : listOf([configMap('old', 4)], 6);
      },
      { silenceMs: 150 },
    );
    await list();
    await eventually(async () => (await names()).join() === 'old@4');
    expect(await status()).toMatchObject({ resets: 1 });
  });

  it.each([
    ['an event', line('MODIFIED', configMap('unheard-of', 7))],
    ['a bookmark', bookmark(7)],
    [
      'an error',
      line(
        'ERROR',
        statusBody(504, {
          message: 'Too large resource version: 10, current: 7',
        }),
      ),
    ],
  ])(
    'whose versions go backwards (%s) is answered by a list',
    async (_, said) => {
      await start(({ isWatch, count }) => {
        if (isWatch) return count === 0 ? said : undefined;
        return count === 0
          ? listOf([configMap('a', 9)], 10)
          : listOf([configMap('a', 4)], 7);
      });
      await list();
      await eventually(async () => (await names()).join() === 'a@4');
      expect(await status()).toMatchObject({ lists: 2, resets: 1 });
    },
  );
});

describe('a list', () => {
  it('whose place is lost (410) is begun again, without ghosts or duplicates', async () => {
    await start(({ isWatch, query, count }, response) => {
      if (isWatch) return undefined;
      if (query.get('continue') === 'lost') return fail(response, 410);
      return count === 0
        ? listOf([configMap('ghost', 1), configMap('a', 2)], 10, {
            continue: 'lost',
          })
        : listOf([configMap('a', 2), configMap('b', 12)], 12);
    });
    await eventually(async () => (await names()).join() === 'a@2,b@12');
    await watchesOpened(1);
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(3);
    expect(
      server.watched(CONFIG_MAPS_PATH)[0].query.get('resourceVersion'),
    ).toBe('12');
  });

  it.each([
    [
      'cut off',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"items":[');
        response.destroy();
      },
    ],
    ['garbage', (response: ServerResponse) => response.end('<html>')],
    ['a failure', (response: ServerResponse) => fail(response, 500)],
    [
      'without a version',
      (response: ServerResponse) =>
        response.end('{"kind":"ConfigMapList","metadata":{},"items":[]}'),
    ],
  ])('that is %s is read again', async (_, spoil) => {
    await start(({ isWatch, count }, response) => {
      if (isWatch) return undefined;
      if (count < 2) return void spoil(response);
      return listOf([configMap('a', 1)], 10);
    });
    await eventually(async () => (await names()).join() === 'a@1');
    expect((await status())?.errors).toBe(2);
  });

  it('waits as long as an overloaded server asks for', async () => {
    let askedAt = 0;
    let waitedMs = 0;
    await start(({ isWatch, count }, response) => {
      if (isWatch) return undefined;
      if (count > 0) {
        waitedMs = Date.now() - askedAt;
        return listOf([configMap('a', 1)], 10);
      }
      askedAt = Date.now();
      return fail(response, 429, { headers: { 'retry-after': '1' } });
    });
    await eventually(async () => (await names()).join() === 'a@1');
    expect(waitedMs).toBeGreaterThanOrEqual(990);
  });
});

describe('an overloaded server', () => {
  it('is left alone as long as it asks for, although it was away meanwhile', async () => {
    let askedAt = 0;
    let waitedMs = 0;
    await start(({ isWatch, count }, response) => {
      if (isWatch) return undefined;
      if (count > 0) {
        waitedMs = Date.now() - askedAt;
        return listOf([configMap('a', 1)], 10);
      }
      askedAt = Date.now();
      return fail(response, 429, { headers: { 'retry-after': '3' } });
    });
    const listed = list();
    await eventually(() => askedAt > 0);
    server.isDeaf = true;
    await eventually(
      () => cache.state(CONFIG_MAPS)?.message?.includes('slowly') ?? false,
    );
    server.isDeaf = false;
    await listed.catch(() => undefined);
    await eventually(async () => (await names()).join() === 'a@1');
    expect(waitedMs).toBeGreaterThanOrEqual(2_990);
  });

  it('that asks for years is asked again all the same, but not at once', async () => {
    await start(({ isWatch }, response) =>
      isWatch
        ? undefined
        : fail(response, 429, { headers: { 'retry-after': '99999999' } }),
    );
    await list().catch(() => undefined);
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(1);
  });
});

describe('a kind', () => {
  it('that may not be read is marked, and the others are live', async () => {
    await start(({ isWatch, path }, response) => {
      if (path === SECRETS_PATH) {
        return fail(response, 403, {
          message:
            'secrets is forbidden: User "portal" cannot list resource "secrets" in API group "" at the cluster scope',
        });
      }
      return isWatch ? undefined : listOf([configMap('a', 1)], 10);
    });
    await expect(
      cache.list(SECRETS, { signal: signal() }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining("refuses the portal's credential"),
    });
    expect(await names()).toEqual(['a@1']);
    expect(cache.state(CONFIG_MAPS)).toEqual({ state: 'live' });
    expect(cache.state(SECRETS)).toMatchObject({
      message: expect.stringContaining('may not list secrets'),
    });
  });

  it('that the cluster does not have is not found, at once', async () => {
    await start((_, response) => fail(response, 404), { syncWaitMs: 60_000 });
    await expect(list()).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('that is removed while it is watched is not found, and tried again slowly', async () => {
    let isRemoved = false;
    await start(({ isWatch }, response) => {
      if (isRemoved) return fail(response, 404, { message: 'not served' });
      return isWatch ? undefined : listOf([configMap('a', 1)], 10);
    });
    await list();
    await watchesOpened(1);
    isRemoved = true;
    watch().end();
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'stale');
    expect(cache.state(CONFIG_MAPS)?.message).toBe('not served');
    await expect(list()).rejects.toMatchObject({ name: 'NotFoundError' });
    isRemoved = false;
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'live');
  });
});
