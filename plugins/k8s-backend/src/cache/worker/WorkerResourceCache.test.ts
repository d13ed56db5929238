/** The talk between the threads, with both ends in one thread; the real threads are used by the integration tests. */
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { ClusterChange } from '../../connection/ClusterConnection';
import { CannedApiServer } from '../__testUtils__/CannedApiServer';
import {
  CONFIG_MAPS,
  CONFIG_MAPS_PATH,
  configMap,
  eventually,
  line,
  listOf,
} from '../__testUtils__/objects';
import { InProcessResourceCache } from '../InProcessResourceCache';
import { AskedCredentials } from './AskedCredentials';
import { CacheHost } from './CacheHost';
import { PushedClusters } from './PushedClusters';
import type { FromWorker, ToWorker, WorkerSettings } from './protocol';
import { WorkerResourceCache } from './WorkerResourceCache';

jest.setTimeout(30_000);

/** A worker whose thread is this one; what is said is copied as between threads. */
class ThreadlessWorker extends EventEmitter {
  readonly received: ToWorker[] = [];
  readonly credentials = new AskedCredentials({
    post: message => this.say(message),
  });
  readonly clusters = new PushedClusters({ credentials: this.credentials });
  readonly #cache: InProcessResourceCache;
  readonly #host: CacheHost;

  constructor(server: CannedApiServer, { memory }: WorkerSettings) {
    super();
    this.#cache = new InProcessResourceCache({
      ...{ connections: server.connections, memory },
      timings: { memoryLookMs: 20 },
      onWarning: (message, details) =>
        this.say({ type: 'log', message, details }),
    });
    this.#host = new CacheHost({
      cache: this.#cache,
      clusters: this.clusters,
      credentials: this.credentials,
      post: (message, transfer = []) => this.say(message, transfer),
    });
  }

  say(message: FromWorker, transfer: ArrayBuffer[] = []) {
    const copy = structuredClone(message, { transfer });
    setImmediate(() => this.emit('message', copy));
  }

  postMessage(message: ToWorker) {
    const copy = structuredClone(message);
    this.received.push(copy);
    setImmediate(() => this.#host.handle(copy));
  }

  unref() {}

  async terminate() {
    this.die();
  }

  die() {
    this.#cache.stop();
    this.emit('exit', 1);
  }
}

let server: CannedApiServer;
let cache: WorkerResourceCache;
let workers: ThreadlessWorker[];
let listeners: ((change: ClusterChange) => void)[];
let generation: number | undefined;
let readable: boolean;
let failure: Error | undefined;
const suspected: string[] = [];
const logger = mockServices.logger.mock();
const CEILING_BYTES = 64 * 1024;

beforeEach(async () => {
  workers = [];
  listeners = [];
  generation = 1;
  readable = true;
  failure = undefined;
  suspected.length = 0;
  server = new CannedApiServer(({ isWatch }, response) => {
    if (isWatch) return;
    response.end(
      listOf(
        [configMap('a', 5), configMap('b', 6, { labels: { x: 'y' } })],
        10,
      ),
    );
  });
  await server.start();
  cache = new WorkerResourceCache({
    access: {
      get: async id => {
        if (generation === undefined) throw new NotFoundError(`No ${id}`);
        return { generation };
      },
      generation: () => generation,
      access: () => {
        if (!readable) throw new ServiceUnavailableError('It is sealed');
        return {
          cluster: {
            generation: generation ?? 0,
            endpoint: { server: 'https://one', skipTlsVerify: false },
          },
          credentials: {
            current: async () => {
              if (failure) throw failure;
              return { token: 'secret' };
            },
            instead: async refused =>
              'token' in refused && refused.token === 'other'
                ? { token: 'secret' }
                : undefined,
          },
        };
      },
      onChange: listener => {
        listeners.push(listener);
        return () => listeners.splice(listeners.indexOf(listener), 1);
      },
    },
    workers: 1,
    settings: { network: { allow: [] } },
    suspect: cluster => suspected.push(cluster),
    logger,
    ceilingBytes: CEILING_BYTES,
    startWorker: settings => {
      const worker = new ThreadlessWorker(server, settings);
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
});

afterEach(async () => {
  cache.stop();
  await server.stop();
});

const signal = () => new AbortController().signal;
const list = async () =>
  (await cache.list(CONFIG_MAPS, { signal: signal() }))?.items.map(
    ({ metadata }) => metadata.name,
  );
const pushes = () =>
  workers.flatMap(({ received }) =>
    received.flatMap(message => (message.type === 'cluster' ? message : [])),
  );

describe('WorkerResourceCache', () => {
  it('answers what a cache answers', async () => {
    expect(await list()).toEqual(['a', 'b']);
    const named = { ...CONFIG_MAPS, namespace: 'default', name: 'b' };
    expect(await cache.get(named, { signal: signal() })).toMatchObject({
      object: { metadata: { name: 'b' } },
    });
    const table = await cache.table(
      { ...CONFIG_MAPS, columns: [], limit: 10, labelSelector: 'x=y' },
      { signal: signal() },
    );
    expect(unpackRows(table!.rows)).toMatchObject([{ name: 'b' }]);
    expect(await cache.kinds()).toMatchObject([{ objects: 2 }]);
  });

  it('has a ceiling of memory, says when it is reached, and forgets what a dead worker held', async () => {
    await list();
    await eventually(async () => (await cache.memory()).usedBytes > 0);
    expect(await cache.memory()).toMatchObject({
      ...{ ceilingBytes: CEILING_BYTES, droppedBodies: 0, droppedKinds: 0 },
    });
    expect(logger.warn).not.toHaveBeenCalled();
    const large = configMap('large', 20, {
      data: { text: 'x'.repeat(CEILING_BYTES) },
    });
    cache.put(CONFIG_MAPS, large);
    await eventually(async () => (await cache.kinds())[0].keeps === 'rows');
    await eventually(() => logger.warn.mock.calls.length > 0);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('k8s.cache.memory'),
      expect.objectContaining({ ceilingBytes: String(CEILING_BYTES) }),
    );
    expect(await list()).toBeUndefined();
    workers[0].die();
    expect(await cache.memory()).toMatchObject({
      ...{ usedBytes: 0, droppedBodies: 1 },
    });
  });

  it('has a kind read that nobody asks for', async () => {
    await cache.touch(CONFIG_MAPS, { signal: signal() });
    await eventually(() => server.watches.has(CONFIG_MAPS_PATH));
    expect(await cache.kinds()).toMatchObject([
      { ...CONFIG_MAPS, subscribers: 0 },
    ]);
  });

  it('takes in what was written', async () => {
    await list();
    cache.put(CONFIG_MAPS, configMap('c', 20));
    cache.remove({ ...CONFIG_MAPS, namespace: 'default', name: 'a' }, 'uid-a');
    expect(await list()).toEqual(['b', 'c']);
  });

  it('tells changes, and ends with its reader', async () => {
    await list();
    const abort = new AbortController();
    const told: string[] = [];
    const reading = (async () => {
      for await (const change of cache.watch(CONFIG_MAPS, abort)) {
        told.push(change.type);
      }
    })();
    await eventually(() => told.includes('SYNCED'));
    await eventually(() => server.watches.has(CONFIG_MAPS_PATH));
    server.watches
      .get(CONFIG_MAPS_PATH)
      ?.write(line('MODIFIED', configMap('a', 11)));
    await eventually(() => told.includes('MODIFIED'));
    expect(told).toEqual(['RESET', 'ADDED', 'ADDED', 'SYNCED', 'MODIFIED']);
    abort.abort();
    await reading;
    await eventually(async () => (await cache.kinds())[0].subscribers === 0);
  });

  it('holds changes back until its reader has taken those before', async () => {
    await list();
    const abort = new AbortController();
    const changes = cache.watchRows({ ...CONFIG_MAPS, columns: [] }, abort);
    expect((await changes.next()).value).toMatchObject({ type: 'RESET' });
    const versions = Array.from({ length: 20 }, (_, index) => 20 + index);
    for (const version of versions) {
      cache.put(CONFIG_MAPS, configMap('a', version));
      await list();
    }
    const told: string[] = [];
    while (told.at(-1) !== '39') {
      const { value } = await changes.next();
      told.push('row' in value ? value.row.resourceVersion : value.type);
    }
    // The first ones were on their way; of the others the last one counts.
    expect(told.length).toBeLessThan(5);
    abort.abort();
    expect((await changes.next()).done).toBe(true);
  });

  it('throws errors of the same class, and the reason of a caller who left', async () => {
    await expect(
      cache.list({ ...CONFIG_MAPS, labelSelector: '(' }, { signal: signal() }),
    ).rejects.toThrow(expect.objectContaining({ name: 'InputError' }));
    const abort = new AbortController();
    const left = cache.list(CONFIG_MAPS, abort);
    abort.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
  });

  it('tells a worker of each generation of a cluster once, and of its end', async () => {
    await list();
    await list();
    expect(pushes()).toMatchObject([{ access: { generation: 1 } }]);
    generation = 2;
    listeners.forEach(tell => tell({ cluster: 'c1', action: 'upserted' }));
    expect(pushes()).toHaveLength(2);
    generation = undefined;
    listeners.forEach(tell => tell({ cluster: 'c1', action: 'removed' }));
    await expect(list()).rejects.toThrow(NotFoundError);
    expect(workers[0].received.at(-1)).toMatchObject({
      type: 'clusterRemoved',
    });
  });

  it('takes a cluster from its worker when its credential cannot be read any more', async () => {
    await list();
    generation = 2;
    readable = false;
    listeners.forEach(tell => tell({ cluster: 'c1', action: 'upserted' }));
    expect(workers[0].received.at(-1)).toMatchObject({
      type: 'clusterRemoved',
    });
    await expect(list()).rejects.toThrow('It is sealed');
  });

  it('answers the credential of a cluster, which is in nothing that it tells by itself', async () => {
    await list();
    expect(JSON.stringify(workers[0].received)).not.toContain('secret');
    const { credentials } = workers[0].clusters.access('c1');
    expect(await credentials.current()).toEqual({ token: 'secret' });
    expect(await credentials.instead({ token: 'other' })).toEqual({
      token: 'secret',
    });
    expect(await credentials.instead({ token: 'secret' })).toBeUndefined();
    failure = new ServiceUnavailableError('The issuer is away');
    const none = await credentials.current().catch(error => error);
    expect(none.message).toBe('The issuer is away');
    expect(clusterFailureOf(none)).toEqual({ cause: 'credential' });
    const caller = new AbortController();
    const left = credentials.current({ signal: caller.signal });
    caller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
  });

  it('gives no credential of another generation than the worker knows', async () => {
    await list();
    const { credentials } = workers[0].clusters.access('c1');
    generation = 2;
    await expect(credentials.current()).rejects.toThrow(/changed meanwhile/);
  });

  it('passes on that a cluster does not answer', async () => {
    workers[0].say({ type: 'suspect', cluster: 'c1' });
    await eventually(() => suspected.includes('c1'));
  });

  it('starts a worker that died again; who waited is told to try again', async () => {
    await list();
    const waiting = cache.watch(CONFIG_MAPS, { signal: signal() });
    await waiting.next();
    workers[0].die();
    await expect(list()).rejects.toThrow(ServiceUnavailableError);
    await expect(
      (async () => {
        for await (const _ of waiting);
      })(),
    ).rejects.toThrow(ServiceUnavailableError);
    await eventually(() => workers.length === 2);
    expect(await list()).toEqual(['a', 'b']);
    expect(pushes()).toHaveLength(2);
  });

  it('ends its workers, and refuses from then on', async () => {
    cache.stop();
    await expect(list()).rejects.toThrow('shutting down');
    expect(workers).toHaveLength(1);
  });
});
