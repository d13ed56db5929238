/** Readers of what pages show: the view of deployments, read whole and as a stream of its changes, by the layers that serve it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contextOf } from '../../../plugins/k8s-backend/src/cache/__testUtils__/objects';
import { ViewTopics } from '../../../plugins/k8s-backend/src/live/ViewTopics';
import { CachedResourceClient } from '../../../plugins/k8s-backend/src/resources/CachedResourceClient';
import { LiveResourceClient } from '../../../plugins/k8s-backend/src/resources/LiveResourceClient';
import { PreparedJson } from '../../../plugins/k8s-backend/src/router/PreparedJson';
import type { StreamMessage } from '../../../plugins/k8s-backend/src/streams/ChangeBuffer';
import { rowKey } from '../../../plugins/k8s-backend/src/streams/rowKey';
import type { StreamAccess } from '../../../plugins/k8s-backend/src/streams/StreamAccess';
import { streamHandlers } from '../../../plugins/k8s-backend/src/streams/streamHandlers';
import { NodeUsage } from '../../../plugins/k8s-backend/src/views/NodeUsage';
import { deploymentsView } from '../../../plugins/k8s-backend/src/workloads/deploymentViews';
import { ServiceDeployments } from '../../../plugins/k8s-backend/src/workloads/ServiceDeployments';
import type { Schema } from '../../../plugins/k8s-common/src';
import { Reader, SAMPLE_MS } from './cacheReaders.ts';
import type { ReaderOptions } from './cacheReaders.ts';
import { NUMBER_LABEL, WRITTEN } from './ChangeWriter.ts';
import { QUIET } from './quietLogger.ts';

const PLACE = { cluster: WRITTEN.cluster, namespace: 'default' };

type Row = Schema<'Deployment'>;

/** What changes a stream tells; see `ChangeBuffer`. */
interface ToldChanges {
  upserted: Row[];
  /** Keys. */
  deleted: string[];
  cache?: Schema<'CacheState'>;
}

const numberOf = ({ labels }: Row) => Number(labels?.[NUMBER_LABEL]);
const numbersOf = (rows: Iterable<Row>) =>
  new Map([...rows].map(row => [row.name, numberOf(row)]));
const keysOf = (rows: Iterable<Row>) =>
  [...rows].map(({ name, resourceVersion }) => `${name}@${resourceVersion}`);

/** The client that everything reads with, over one cache. */
const clientOf = ({ cache }: ReaderOptions) =>
  new CachedResourceClient({
    cache,
    // The cache has all there is; nothing is asked of the cluster.
    live: new LiveResourceClient({
      connections: { get: () => Promise.reject(new Error('Not to be asked')) },
    }),
  });

/** Reads the view again and again, as who opens the page does. */
export class ViewReader extends Reader {
  readonly #client = clientOf(this.options);
  #rows: Row[] = [];

  told() {
    return keysOf(this.#rows);
  }

  protected async read() {
    const { signal } = this.abort;
    const askedAt = Date.now();
    const { rows, cache } = await this.#client.view(deploymentsView(PLACE), {
      context: contextOf({ signal }),
    });
    await this.resetAfterList();
    if (this.types.at(-1) !== cache.state) this.types.push(cache.state);
    this.#rows = rows.map(({ json }) => JSON.parse(json) as Row);
    for (const row of this.#rows) {
      this.check({ name: row.name, uid: row.name }, numberOf(row));
    }
    this.checkTrue(numbersOf(this.#rows), cache, askedAt);
    await sleep(SAMPLE_MS);
  }
}

/** Follows the view as a browser does whose page is open. */
export class StreamReader extends Reader {
  readonly #open = openerOf(this.options);
  readonly #rows = new Map<string, Row>();
  #cache: Schema<'CacheState'> = { state: 'syncing' };

  told() {
    return keysOf(this.#rows.values());
  }

  protected async read() {
    const { signal } = this.abort;
    const looking = setInterval(
      () =>
        this.checkTrue(numbersOf(this.#rows.values()), this.#cache, Date.now()),
      SAMPLE_MS,
    );
    try {
      const { events } = await this.#open({
        context: contextOf({ signal }),
        ...{ path: {}, query: {} },
        body: { subscriptions: [{ id: 's', topic: 'deployments', ...PLACE }] },
      });
      for await (const {
        event,
        data,
      } of events as AsyncIterable<StreamMessage>) {
        await this.resetAfterList();
        this.#take(event, data instanceof PreparedJson ? data.parse() : data);
      }
    } finally {
      clearInterval(looking);
    }
  }

  #take(event: StreamMessage['event'], data: unknown) {
    if (event !== 'changes') this.types.push(event.toUpperCase());
    if (event === 'end') this.problems.push(`The stream ended: ${data}`);
    if (event === 'reset') {
      this.#rows.clear();
      // What follows says how fresh it is.
      this.#cache = { state: 'syncing' };
      this.reset();
    }
    if (event !== 'changes') return;
    const { upserted, deleted, cache } = data as ToldChanges;
    for (const key of deleted) this.#rows.delete(key);
    for (const row of upserted) {
      this.check({ name: row.name, uid: row.name }, numberOf(row));
      this.#rows.set(rowKey('deployments', row), row);
    }
    if (!cache) return;
    if (this.#cache.state !== cache.state) this.types.push(cache.state);
    this.#cache = cache;
  }
}

/** How streams are opened, for somebody who may see everything. */
function openerOf(options: ReaderOptions) {
  const resources = clientOf(options);
  const topic = new ViewTopics({
    resources,
    // For topics that nobody subscribes to here.
    services: new ServiceDeployments({
      resources,
      annotations: { of: async () => ({}) },
      clusters: { list: async () => [] },
      health: { summaries: async () => new Map() },
    }),
    usage: new NodeUsage({ resources, now: Date.now }),
  });
  const access: Pick<StreamAccess, 'of'> = { of: async () => 'all' };
  return streamHandlers({
    topics: {
      ...{ clusters: topic, health: topic, nodes: topic, events: topic },
      ...{ namespaces: topic, deployments: topic, service: topic },
      ...{ resources: topic, audit: topic, rollouts: topic },
    },
    access: access as StreamAccess,
    logger: QUIET,
    shutdown: new AbortController().signal,
  }).openStream;
}
