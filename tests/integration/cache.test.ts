/**
 * The cache against a real API server behind a network that fails: what it shows is what is, or says since when it is not.
 *
 * A writer changes objects at random; each change carries a number that only grows. A reader records what the cache tells. Numbers
 * never go back but after a marked reset, nothing is seen that was never written, and after the faults cache and cluster are equal.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import { connectTo } from './support/connectTo.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';

const KIND = { cluster: 'c', group: '', version: 'v1', plural: 'configmaps' };
const PATH = '/api/v1/namespaces/default/configmaps';
const NOTICED_WITHIN_MS = 15_000;
const EQUAL_WITHIN_MS = 30_000;

let server: TestApiServer;
let proxy: FaultyProxy;

let number = 0;

/** Changes objects at random until it is stopped; what fails is as if it had not been tried. */
class Writer {
  /** Numbers that may have been written, by name: also where the answer was lost. */
  static readonly tried = new Map<string, Set<number>>();
  readonly #connection = connectTo(server).connection;
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  start() {
    this.#isStopped = false;
    this.#done = this.#run();
  }

  async stop() {
    this.#isStopped = true;
    await this.#done;
  }

  async #run() {
    while (!this.#isStopped) {
      await this.change().catch(() => {});
      await sleep(5);
    }
  }

  async change() {
    const name = `object-${Math.floor(Math.random() * 20)}`;
    number += 1;
    const data = { number: String(number) };
    const send = async (method: 'POST' | 'PATCH' | 'DELETE', body?: object) => {
      const response = await this.#connection.request({
        method,
        path: method === 'POST' ? PATH : `${PATH}/${name}`,
        contentType:
          method === 'PATCH' ? 'application/merge-patch+json' : undefined,
        body,
        probe: true,
        timeoutMs: 2_000,
      });
      await response.text();
    };
    Writer.tried.set(name, (Writer.tried.get(name) ?? new Set()).add(number));
    if (Math.random() < 0.15) {
      await send('DELETE');
      return;
    }
    try {
      await send('PATCH', { data });
    } catch {
      await send('POST', { metadata: { name }, data });
    }
  }
}

/** Records what the cache tells, and checks it. */
class Reader {
  readonly problems: string[] = [];
  readonly types: string[] = [];
  readonly objects = new Map<string, { uid: string; version: string }>();
  readonly #numbers = new Map<string, number>();
  readonly #abort = new AbortController();
  #done: Promise<void> = Promise.resolve();

  readonly #cache: InProcessResourceCache;

  constructor(cache: InProcessResourceCache) {
    this.#cache = cache;
  }

  start() {
    this.#done = this.#run();
  }

  async stop() {
    this.#abort.abort();
    await this.#done;
  }

  async #run() {
    const query = { ...KIND, namespace: 'default' };
    const { signal } = this.#abort;
    for await (const change of this.#cache.watch(query, { signal })) {
      if (!('object' in change)) {
        this.types.push(change.type);
        if (change.type !== 'RESET') continue;
        this.objects.clear();
        this.#numbers.clear();
        continue;
      }
      const {
        name = '',
        uid = '',
        resourceVersion = '',
      } = change.object.metadata;
      const number = Number(
        (change.object.data as { number?: string } | undefined)?.number,
      );
      if (!Writer.tried.get(name)?.has(number)) {
        this.problems.push(`${name}: ${number} was never written`);
      }
      const last = this.#numbers.get(uid) ?? 0;
      if (number < last) this.problems.push(`${name}: ${last}, then ${number}`);
      this.#numbers.set(uid, number);
      if (change.type === 'DELETED') {
        if (!this.objects.delete(name)) this.problems.push(`${name}: unknown`);
      } else {
        const isThere = this.objects.get(name)?.uid === uid;
        if (isThere !== (change.type === 'MODIFIED')) {
          this.problems.push(`${name}: ${change.type} in the wrong place`);
        }
        this.objects.set(name, { uid, version: resourceVersion });
      }
    }
  }

  /** What there is, from what was told. */
  told(): string[] {
    return [...this.objects.values()].map(
      ({ uid, version }) => `${uid}@${version}`,
    );
  }
}

const key = (items: { metadata: Record<string, unknown> }[]) =>
  items
    .map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`)
    .sort();

async function truth(): Promise<string[]> {
  const { connection } = connectTo(server);
  const response = await connection.request({ path: PATH });
  const { items } = await response.json<{
    items: { metadata: Record<string, unknown> }[];
  }>();
  return key(items);
}

async function cached(cache: InProcessResourceCache): Promise<string[]> {
  const { signal } = new AbortController();
  const query = { ...KIND, namespace: 'default' };
  const result = await cache.list(query, { signal }).catch(() => undefined);
  return key(result?.items ?? []);
}

async function within(
  timeMs: number,
  condition: () => boolean | Promise<boolean>,
  what: string,
) {
  const giveUpAt = Date.now() + timeMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) assert.fail(`Not within ${timeMs} ms: ${what}`);
    await sleep(50);
  }
}

before(async () => {
  server = await TestApiServer.start();
  proxy = await FaultyProxy.start(server.port);
});

after(async () => {
  await proxy?.stop();
  await server?.stop();
});

beforeEach(() => {
  proxy.fault = { type: 'none' };
});

/** Runs writer and reader while something fails; after it, cache and cluster have to be equal. */
async function whileWriting(
  fail: (context: {
    cache: InProcessResourceCache;
    reader: Reader;
    writer: Writer;
  }) => Promise<void>,
) {
  const { connections } = connectTo(server, { port: proxy.port });
  const cache = new InProcessResourceCache({ connections });
  const writer = new Writer();
  const reader = new Reader(cache);
  try {
    writer.start();
    reader.start();
    await within(
      20_000,
      () => cache.state(KIND)?.state === 'live',
      'the cache is live',
    );
    await sleep(1_000);
    await fail({ cache, reader, writer });
    proxy.fault = { type: 'none' };
    const endedAt = Date.now();
    await sleep(1_000);
    await writer.stop();
    const left = EQUAL_WITHIN_MS - (Date.now() - endedAt);
    await within(
      left,
      async () => (await cached(cache)).join() === (await truth()).join(),
      'the cache equals the cluster',
    );
    // The cache may list once more; what the reader was told last is what counts.
    let difference: string[] = [];
    await within(
      EQUAL_WITHIN_MS,
      async () => {
        const [told, real] = [reader.told(), await truth()];
        difference = [
          ...told.filter(one => !real.includes(one)).map(one => `+${one}`),
          ...real.filter(one => !told.includes(one)).map(one => `-${one}`),
        ];
        return difference.length === 0;
      },
      'the reader was told what is in the cluster',
    ).catch(error => {
      throw new Error(`${error.message}: ${difference}; ${reader.types}`);
    });
    assert.deepEqual(reader.problems, []);
    await within(
      EQUAL_WITHIN_MS,
      () => cache.state(KIND)?.state === 'live',
      'it is live again',
    );
  } finally {
    await writer.stop();
    await reader.stop();
    cache.stop();
  }
}

const isStale = (cache: InProcessResourceCache) => () =>
  cache.state(KIND)?.state === 'stale';

describe('the cache equals the cluster', () => {
  it('without faults', () => whileWriting(() => sleep(2_000)));

  it('when connections are reset again and again, without relisting', () =>
    whileWriting(async ({ cache }) => {
      for (let count = 0; count < 5; count += 1) {
        proxy.reset();
        await sleep(1_500);
      }
      assert.equal((await cache.kinds())[0].lists, 1);
    }));

  it('after a black hole, which is noticed, while the last data is served', () =>
    whileWriting(async ({ cache }) => {
      proxy.fault = { type: 'blackHole' };
      await within(NOTICED_WITHIN_MS, isStale(cache), 'it is stale');
      assert.notEqual((await cached(cache)).length, 0);
      const { asOf = '' } = cache.state(KIND) ?? {};
      assert.ok(Date.parse(asOf) < Date.now() && Date.parse(asOf) > 0);
      await sleep(12_000);
    }));

  it('after a latency of 5 s, which is noticed', () =>
    whileWriting(async ({ cache }) => {
      proxy.fault = { type: 'latency', ms: 5_000 };
      await within(NOTICED_WITHIN_MS, isStale(cache), 'it is stale');
    }));

  it('after 1 KB/s, which is noticed', () =>
    whileWriting(async ({ cache }) => {
      proxy.fault = { type: 'slow', bytesPerSecond: 1_000 };
      await within(NOTICED_WITHIN_MS, isStale(cache), 'it is stale');
    }));

  it('byte by byte', () =>
    whileWriting(async () => {
      proxy.fault = { type: 'byteByByte' };
      proxy.reset();
      await sleep(5_000);
    }));

  it('after the API server was killed, with one relist', () =>
    whileWriting(async ({ cache }) => {
      await server.kill();
      await within(NOTICED_WITHIN_MS, isStale(cache), 'it is stale');
      await server.run();
      await within(EQUAL_WITHIN_MS, () => !isStale(cache)(), 'it is live');
      assert.equal((await cache.kinds())[0].lists, 2);
    }));

  it('after etcd was restored to an older state that has caught up since', () =>
    whileWriting(async ({ cache, reader, writer }) => {
      await writer.stop();
      await server.kill();
      server.keepState('older');
      await server.run();
      writer.start();
      await within(EQUAL_WITHIN_MS, () => !isStale(cache)(), 'it is live');
      await sleep(2_000);
      await writer.stop();
      const resets = reader.types.filter(type => type === 'RESET').length;
      await server.kill();
      server.restoreState('older');
      await server.run();
      writer.start();
      await within(
        EQUAL_WITHIN_MS,
        () => reader.types.filter(type => type === 'RESET').length > resets,
        'it was reset',
      );
    }));
});
