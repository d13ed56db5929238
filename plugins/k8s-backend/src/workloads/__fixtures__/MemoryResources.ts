/**
 * A ResourceClient for tests of how parts are put together: it holds objects, records changes and answers what it is told to.
 * What Kubernetes does with a change is tested against a real API server.
 */
import { NotFoundError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  GetResult,
  ListResult,
  ObjectReference,
  ReadOptions,
  RequestContext,
  ResourceChange,
  ResourceClient,
  ResourcePatch,
  ResourceQuery,
  RowChange,
  TableQuery,
  TableResult,
  ViewChange,
  ViewQuery,
  ViewResult,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { Body } from '../../cache/BodyStore';
import { SharedViews } from '../../cache/SharedViews';
import { readView } from '../../cache/views/readView';
import { VIEWS } from '../../cache/views/viewTable';
import { createRow, TextPool } from '../../cache/Row';
import { selectPage } from '../../cache/selectPage';
import { checkCount } from '../../resources/checkCount';
import { objectMatcherOf } from '../../resources/matcherOf';
import { createRowBuilder } from '../../rows/createRowBuilder';
import { MemoryPart } from './MemoryPart';

export function testContext(
  options: Partial<RequestContext> = {},
): RequestContext {
  return {
    credentials: { $$type: '@backstage/BackstageCredentials', principal: {} },
    principal: { type: 'user', ref: 'user:default/tester' },
    requestId: 'test',
    signal: new AbortController().signal,
    audit: { recorded: false },
    ...options,
  };
}

export class MemoryResources implements ResourceClient {
  private readonly objects = new Map<string, Map<string, KubernetesObject>>();
  private readonly parts = new Map<string, MemoryPart>();
  private readonly views = new SharedViews({
    cache: { watchView: (...request) => this.readView(...request) },
    lingerMs: 0,
  });
  /** Milliseconds since 1970, for views. */
  now = Date.now;
  readonly changes: {
    verb: string;
    reference: ObjectReference;
    body?: unknown;
    options: WriteOptions & { precondition?: unknown };
  }[] = [];
  /** Thrown by every read of a plural. */
  readonly failures = new Map<string, Error>();
  /** Answers writes; default: the live object, or what was created. */
  answer: (change: {
    verb: string;
    live?: KubernetesObject;
    body?: unknown;
  }) => KubernetesObject = ({ live, body }) =>
    live ?? (body as KubernetesObject);

  set(plural: string, object: KubernetesObject, cluster = 'c1'): void {
    this.store(cluster, plural).set(keyOf(object), object);
    this.parts.get(`${cluster} ${plural}`)?.set(object);
  }

  unset(plural: string, object: KubernetesObject, cluster = 'c1'): void {
    this.store(cluster, plural).delete(keyOf(object));
    this.parts.get(`${cluster} ${plural}`)?.unset(object);
  }

  async get(reference: ObjectReference, _: ReadOptions): Promise<GetResult> {
    this.check(reference.plural);
    const object = this.find(reference);
    if (!object) throw new NotFoundError(`${reference.name} not found`);
    return { object, cache: { state: 'live' } };
  }

  async list(query: ResourceQuery, _?: ReadOptions): Promise<ListResult> {
    this.check(query.plural);
    const items = [...this.store(query.cluster, query.plural).values()].filter(
      objectMatcherOf(query),
    );
    checkCount(query, items.length);
    return { items, resourceVersion: '1', cache: { state: 'live' } };
  }

  async table(query: TableQuery, _: ReadOptions): Promise<TableResult> {
    const { items, cache } = await this.list(query);
    const build = createRowBuilder(query, query.columns);
    const pool = new TextPool();
    const rows = items.map(object =>
      createRow(object, { build, pool, body: new Body(object) }),
    );
    return { ...selectPage(rows, query), cache };
  }

  // What follows objects or rows is tested with the real cache.
  watch(): AsyncIterable<ResourceChange> {
    throw new Error('Not in memory');
  }

  watchRows(): AsyncIterable<RowChange> {
    throw new Error('Not in memory');
  }

  view(query: ViewQuery, { context }: ReadOptions): Promise<ViewResult> {
    return this.views.read(query, { signal: context.signal });
  }

  watchView(
    query: ViewQuery,
    { context }: ReadOptions,
  ): AsyncIterable<ViewChange> {
    return this.views.watch(query, { signal: context.signal });
  }

  private readView(
    { view, cluster, parts }: ViewQuery,
    { signal }: { signal: AbortSignal },
  ) {
    const sources = Object.entries(parts).map(
      ([name, query]) =>
        [name, { query, source: this.part(cluster, query.plural) }] as const,
    );
    return readView(VIEWS[view], {
      ...{ cluster, signal, now: () => this.now() },
      parts: Object.fromEntries(sources),
    });
  }

  /** What views read of a kind. */
  part(cluster: string, plural: string): MemoryPart {
    const key = `${cluster} ${plural}`;
    const known =
      this.parts.get(key) ??
      new MemoryPart(
        this.store(cluster, plural).values(),
        this.failures.get(plural),
      );
    this.parts.set(key, known);
    return known;
  }

  async create(
    reference: ObjectReference,
    body: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.write({ verb: 'create', reference, body, options });
  }

  async apply(
    reference: ObjectReference,
    body: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.write({ verb: 'apply', reference, body, options });
  }

  async patch(
    reference: ObjectReference,
    body: ResourcePatch,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.write({ verb: 'patch', reference, body, options });
  }

  async delete(
    reference: ObjectReference,
    options: WriteOptions,
  ): Promise<void> {
    this.changes.push({ verb: 'delete', reference, options });
  }

  private write(change: MemoryResources['changes'][number]): KubernetesObject {
    this.changes.push(change);
    const { verb, reference, body } = change;
    return this.answer({ verb, live: this.find(reference), body });
  }

  private find(reference: ObjectReference): KubernetesObject | undefined {
    return this.store(reference.cluster, reference.plural).get(
      `${reference.namespace ?? ''}/${reference.name}`,
    );
  }

  private store(cluster: string, plural: string) {
    const key = `${cluster} ${plural}`;
    const known = this.objects.get(key) ?? new Map();
    this.objects.set(key, known);
    return known;
  }

  private check(plural: string): void {
    const failure = this.failures.get(plural);
    if (failure) throw failure;
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
