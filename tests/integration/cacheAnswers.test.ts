/**
 * The cache, in a worker thread as production has it, against a real API server whose answers are changed on their way: watches
 * that are silent, lines that are no lines of a watch, versions that are gone, refusals. Everything else is the API server's own.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceCache } from '../../plugins/k8s-backend/src/cache/ResourceCache';
import { AnsweringProxy } from './support/AnsweringProxy.ts';
import type { Answer, SeenRequest } from './support/AnsweringProxy.ts';
import { NOTICED_WITHIN_MS, readTable } from './support/cacheReaders.ts';
import {
  ChangeWriter,
  WRITTEN,
  written,
  WRITTEN_LIST_PATH as PATH,
} from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { createWorkerCache } from './support/createWorkerCache.ts';
import { fakeAccess } from './support/fakeAccess.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import {
  listsOf,
  stateOf,
  statusOf,
  whileWriting,
  within,
} from './support/whileWriting.ts';
import type { Checked } from './support/whileWriting.ts';

const RELISTED_WITHIN_MS = 15_000;
const BACK_WITHIN_MS = 30_000;
const BIG_BYTES = 5_000_000;

let server: TestApiServer;
let proxy: AnsweringProxy;
let writer: ChangeWriter;
let access: ReturnType<typeof fakeAccess>;
let cache: ResourceCache;

before(async () => {
  server = await TestApiServer.start();
  proxy = await AnsweringProxy.start(server);
  writer = new ChangeWriter(server);
});

after(async () => {
  await proxy?.stop();
  await server?.stop();
});

beforeEach(() => {
  proxy.clear();
  access = fakeAccess(server, { c: proxy.port });
  cache = createWorkerCache({ access });
});

const check = (
  fail: (checked: Checked) => Promise<unknown>,
  mayBreak?: (error: unknown) => boolean,
) =>
  whileWriting(
    {
      caches: { 'in a worker thread': cache },
      ...{ server, writer, mayBreak },
      heal: () => {
        proxy.instead = () => undefined;
        proxy.rewrite = piece => [piece];
      },
    },
    async ([checked]) => {
      await fail(checked);
    },
  );

/** A `Status` as API servers answer it. */
const statusBody = (code: number, message = 'injected', details?: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  message,
  details,
});
const answer = (
  status: number,
  more: { headers?: Record<string, string>; message?: string } = {},
): Answer => ({
  status,
  headers: more.headers,
  body: statusBody(status, more.message),
});
const line = (type: string, object: unknown) =>
  `${JSON.stringify({ type, object })}\n`;

/** Answers the first request that fits so, all others as the API server does. */
function once(fits: (request: SeenRequest) => boolean, instead: () => Answer) {
  let isDone = false;
  proxy.instead = request => {
    if (isDone || request.path !== PATH || !fits(request)) return undefined;
    isDone = true;
    return instead();
  };
  return () => isDone;
}

/** Writes something into the open watch of the written kind, between two lines of the API server's. */
function intoWatch(...said: string[]) {
  let isDone = false;
  proxy.rewrite = piece => {
    // A piece that ends a line is a place where another may follow.
    if (isDone || piece.at(-1) !== 0x0a) return [piece];
    isDone = true;
    return [piece, ...said.map(one => Buffer.from(one))];
  };
  return () => isDone;
}

const isUnavailable = (error: unknown) =>
  (error as Error).name === 'ServiceUnavailableError';

const watches = () =>
  [...proxy.watches].filter(({ request }) => request.path === PATH);
const endWatches = () => watches().forEach(({ response }) => response.end());
const isLive = async () => (await stateOf(cache)) === 'live';
const isStale = async () => (await stateOf(cache)) === 'stale';
const messageOf = async () => (await statusOf(cache))?.message ?? '';

/** After one fault: one relist, and no second one. */
async function relistedOnce() {
  const hasListed = async () => ((await listsOf(cache)) ?? 0) >= 2;
  await within(RELISTED_WITHIN_MS, hasListed, 'it was listed again');
  await within(RELISTED_WITHIN_MS, isLive, 'it is live');
  await sleep(2_000);
  assert.equal(await listsOf(cache), 2);
  assert.equal(proxy.lists(PATH).length, 2);
}

describe('a watch', () => {
  it('that is open but silent is noticed and opened again; nothing is lost, nothing listed', () =>
    check(async () => {
      const silent = watches();
      for (const watch of silent) watch.isSilent = true;
      const isOpenedAgain = () => silent.every(one => !watches().includes(one));
      await within(NOTICED_WITHIN_MS, isOpenedAgain, 'it was opened again');
      await within(NOTICED_WITHIN_MS, isLive, 'it is live');
      assert.equal(await listsOf(cache), 1);
    }));

  it('that is silent although nothing is written is left as it is', () =>
    check(async () => {
      await writer.stop();
      const [open] = watches();
      await sleep(20_000);
      assert.deepEqual(watches(), [open]);
      assert.equal((await statusOf(cache))?.errors, 0);
      writer.start();
    }));

  const AS_ANSWER: [string, Answer][] = [
    ['410', answer(410)],
    [
      'resourceVersion too large',
      answer(504, { message: 'Too large resource version: 9, current: 7' }),
    ],
  ];
  for (const [name, instead] of AS_ANSWER) {
    it(`that is answered with ${name} leads to one relist`, () =>
      check(async () => {
        const isDone = once(
          ({ isWatch }) => isWatch,
          () => instead,
        );
        endWatches();
        await within(NOTICED_WITHIN_MS, isDone, 'it was answered so');
        await relistedOnce();
      }));
  }

  const OF_FUTURE = line('ERROR', {
    ...statusBody(504, 'Too large resource version: 9, current: 7', {
      causes: [{ reason: 'ResourceVersionTooLarge' }],
      retryAfterSeconds: 1,
    }),
    reason: 'Timeout',
  });
  const IN_WATCH: [string, string[]][] = [
    ['410 as an event', [line('ERROR', statusBody(410))]],
    ['resourceVersion too large as an event', [OF_FUTURE]],
    ['no JSON', ['garbage\n']],
    ['binary garbage', ['\u0000\ufffd{[}]"\n']],
    ['half a line', ['{"type":"MODIFIED","object":{"metadata":{"na\n']],
    ['an unknown type', [line('EXPLODED', { metadata: { name: 'x' } })]],
    ['an object without a name', [line('ADDED', { metadata: {} })]],
    ['a line of HTML', ['<html><body>proxy error</body></html>\n']],
  ];
  for (const [name, said] of IN_WATCH) {
    it(`in which comes ${name} leads to one relist`, () =>
      check(async () => {
        const isDone = intoWatch(...said);
        await within(NOTICED_WITHIN_MS, isDone, 'it was said');
        await relistedOnce();
      }));
  }

  it('whose lines are split, joined and repeated is understood without a relist', () =>
    check(async () => {
      let held: Buffer = Buffer.alloc(0);
      let count = 0;
      proxy.rewrite = piece => {
        count += 1;
        const all = Buffer.concat([held, piece]);
        held = Buffer.alloc(0);
        const end = all.lastIndexOf(0x0a) + 1;
        if (count % 4 === 0) {
          // Joined with what follows.
          held = all;
          return [];
        }
        if (count % 4 === 1 && end > 0) {
          // Each line twice, the whole of them again, then the rest.
          const lines = all.subarray(0, end);
          return [lines, lines, all.subarray(end)];
        }
        // Cut in the middle of lines, of words and of characters.
        const parts: Buffer[] = [];
        for (let at = 0; at < all.length; at += 7) {
          parts.push(all.subarray(at, at + 7));
        }
        return parts;
      };
      await sleep(8_000);
      assert.ok(count > 20);
      assert.equal(await listsOf(cache), 1);
      assert.equal((await statusOf(cache))?.garbage, 0);
    }));

  it('in which comes a line of 5 MB is understood without a relist', () =>
    check(async () => {
      let isDone = false;
      proxy.rewrite = piece => {
        const text = piece.toString();
        // Of one whole line only it is known what it is.
        if (isDone || !/^\{"type":"MODIFIED"[^\n]*\n$/.test(text))
          return [piece];
        isDone = true;
        const event = JSON.parse(text);
        event.object.metadata.annotations = { big: 'A'.repeat(BIG_BYTES) };
        return [Buffer.from(`${JSON.stringify(event)}\n`)];
      };
      await within(NOTICED_WITHIN_MS, () => isDone, 'it was sent');
      await sleep(2_000);
      assert.equal(await listsOf(cache), 1);
      assert.equal((await statusOf(cache))?.garbage, 0);
    }));
});

describe('a list', () => {
  const MANY = 620;

  before(async () => {
    const { connection } = connectTo(server);
    const make = (index: number) =>
      connection
        .request({
          method: 'POST',
          path: '/apis/apps/v1/namespaces/kube-public/deployments',
          body: written(`page-${index}`),
        })
        .then(response => response.text());
    for (let start = 0; start < MANY; start += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => make(start + index)),
      );
    }
  });

  it('whose place is lost (410) is begun again, once, without ghosts or duplicates', () =>
    check(async () => {
      assert.equal(await listsOf(cache), 1);
      const before = proxy.lists(PATH).length;
      let lost = 0;
      let isGone = true;
      proxy.instead = ({ path, isWatch, query }) => {
        if (path !== PATH) return undefined;
        if (isWatch && isGone) {
          isGone = false;
          return answer(410);
        }
        if (!query.has('continue') || lost > 0) return undefined;
        lost += 1;
        return answer(410, {
          message: 'The provided continue parameter is too old',
        });
      };
      endWatches();
      await within(RELISTED_WITHIN_MS, () => lost === 1, 'its place was lost');
      const isListed = async () => (await listsOf(cache)) === 2;
      await within(RELISTED_WITHIN_MS, isListed, 'it was listed again');
      await within(RELISTED_WITHIN_MS, isLive, 'it is live');
      await sleep(2_000);
      assert.equal(await listsOf(cache), 2);
      // The one that was cut off, and the one that was begun again.
      assert.equal(proxy.lists(PATH).length - before, 2);
      const { signal } = new AbortController();
      const names = (await readTable(cache, { signal })).rows.map(
        ({ name }) => name,
      );
      assert.equal(new Set(names).size, names.length);
    }));
});

describe('an API server', () => {
  it('that asks to be left alone (429) is, for as long as it says, whatever else happens', () =>
    check(async () => {
      const RETRY_AFTER_S = 6;
      const refusedAt: number[] = [];
      const early: string[] = [];
      proxy.instead = request => {
        if (request.path !== PATH) return undefined;
        const { at } = request;
        const [first] = refusedAt;
        if (first === undefined) {
          refusedAt.push(at);
          return answer(429, {
            headers: { 'retry-after': String(RETRY_AFTER_S) },
          });
        }
        if (at < first + RETRY_AFTER_S * 1000) early.push(String(at - first));
        return undefined;
      };
      endWatches();
      await within(NOTICED_WITHIN_MS, () => refusedAt.length > 0, 'it refused');
      // A connection that breaks makes the cluster be asked how it is, which must not make the kind be read early.
      await sleep(500);
      const { instead } = proxy;
      proxy.instead = request =>
        request.path === '/api/v1/namespaces' ? answer(500) : instead(request);
      proxy.reset();
      await sleep(1_500);
      proxy.instead = instead;
      const isAsked = () =>
        proxy.requests.some(
          ({ path, at }) =>
            path === PATH && at > refusedAt[0] + RETRY_AFTER_S * 1000,
        );
      await within(BACK_WITHIN_MS, isAsked, 'it was asked again');
      assert.deepEqual(early, []);
      await within(BACK_WITHIN_MS, isLive, 'it is live');
    }));

  it('that fails at everything (5xx) is called stale, is not asked in a hot loop, and comes back', () =>
    check(async () => {
      proxy.instead = ({ at }) => answer([500, 502, 503, 504][at % 4]);
      proxy.reset();
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      const before = proxy.requests.length;
      await sleep(12_000);
      assert.ok(proxy.requests.length - before < 30);
      proxy.clear();
      await within(BACK_WITHIN_MS, isLive, 'it is live');
    }));

  it('that refuses an expired token (401) is called stale, and is read as soon as the token is good', () =>
    check(async () => {
      proxy.instead = () => answer(401, { message: 'Unauthorized' });
      endWatches();
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      const { signal } = new AbortController();
      assert.notEqual((await readTable(cache, { signal })).rows.length, 0);
      const before = proxy.requests.length;
      await sleep(5_000);
      assert.ok(proxy.requests.length - before < 15);
    }));

  it('whose token has expired is read with a new one as soon as there is one, and with no other', async () => {
    await check(async () => {
      access.useToken('expired');
      const isRefused = () => proxy.requests.at(-1)?.status === 401;
      await within(NOTICED_WITHIN_MS, isRefused, 'the token is refused');
      const says = async () => (await messageOf()).includes('credential');
      await within(NOTICED_WITHIN_MS, says, 'it says why');
      await sleep(3_000);
      access.useToken(server.token);
      const since = proxy.requests.length;
      await within(NOTICED_WITHIN_MS, isLive, 'it is live');
      await sleep(2_000);
      const later = proxy.requests.slice(since);
      assert.deepEqual(
        later.filter(
          ({ authorization }) => authorization !== `Bearer ${server.token}`,
        ),
        [],
      );
      assert.equal(
        later.filter(({ path, isWatch }) => path === PATH && isWatch).length,
        1,
      );
    }, isUnavailable);
  });

  it('that refuses one kind (403) has that kind marked, the others live, and the kind back with the right', () =>
    check(async () => {
      const { signal } = new AbortController();
      const other = { ...WRITTEN, group: '', plural: 'namespaces' };
      await cache.list(other, { signal });
      proxy.instead = ({ path }) =>
        path === PATH
          ? answer(403, {
              message:
                'deployments.apps is forbidden: User "portal" cannot list resource "deployments" in API group "apps" at the cluster scope',
            })
          : undefined;
      endWatches();
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      assert.match(await messageOf(), /deployments/);
      await sleep(3_000);
      assert.equal(await stateOf(cache, other), 'live');
    }));

  it('from which a CRD is removed while it is watched answers that kind as unknown, the others live', () =>
    check(async () => {
      const { connection } = connectTo(server);
      const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      const send = async (
        method: 'POST' | 'DELETE',
        path: string,
        body?: object,
      ) => (await connection.request({ method, path, body })).text();
      const define = () =>
        send('POST', crds, {
          metadata: { name: 'gadgets.test.example' },
          spec: {
            group: 'test.example',
            scope: 'Namespaced',
            names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
            versions: [
              {
                name: 'v1',
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
      const create = () =>
        send('POST', '/apis/test.example/v1/namespaces/default/gadgets', {
          apiVersion: 'test.example/v1',
          kind: 'Gadget',
          metadata: { name: 'one' },
        });
      const gadgets = {
        cluster: 'c',
        group: 'test.example',
        version: 'v1',
        plural: 'gadgets',
      };
      const { signal } = new AbortController();
      const names = async () =>
        (await cache.list(gadgets, { signal }))?.items.map(
          ({ metadata }) => metadata.name,
        ) ?? [];
      const succeeds = (work: () => Promise<unknown>) => () =>
        work().then(
          () => true,
          () => false,
        );
      await define();
      await within(BACK_WITHIN_MS, succeeds(create), 'it can be created');
      const hasOne = async () =>
        (await names().catch(() => [])).join() === 'one';
      await within(BACK_WITHIN_MS, hasOne, 'it is listed');
      await send('DELETE', `${crds}/gadgets.test.example`);
      const isUnknown = () =>
        names().then(
          () => false,
          error => error.name === 'NotFoundError',
        );
      await within(BACK_WITHIN_MS, isUnknown, 'it is unknown');
      assert.ok(await isLive());
      await define();
      const isEmpty = () =>
        names().then(
          all => all.length === 0,
          () => false,
        );
      await within(BACK_WITHIN_MS, isEmpty, 'it is known again, and empty');
    }));
});
