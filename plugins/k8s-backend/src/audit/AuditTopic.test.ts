import { mockServices } from '@backstage/backend-test-utils';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { requestContext } from '../router/__testUtils__/requestContext';
import type { TopicEvent } from '../streams/TopicSource';
import { AUDIT_TOPIC, AuditFeed } from './AuditFeed';
import { AuditTopic } from './AuditTopic';
import type { AuditScope, NewAuditEntry } from './AuditStore';

type AuditEntry = Schema<'AuditEntry'>;

const JANE = 'user:default/jane';
const WINDOW_MS = 10;

/** Two instances with one database and one bus of events. */
function setUp() {
  const rows = new Map<string, AuditEntry>();
  const logger = mockServices.logger.mock();
  const heard: ((payload: unknown) => Promise<void>)[] = [];
  const published: { topic: string; eventPayload: unknown }[] = [];
  const find = jest.fn(async (ids: readonly string[]) =>
    ids.flatMap(id => rows.get(id) ?? []),
  );
  const publish = jest.fn(
    async (event: { topic: string; eventPayload: unknown }) => {
      published.push(event);
      await Promise.all(heard.map(hear => hear(event.eventPayload)));
    },
  );
  const instance = () => {
    const feed = new AuditFeed({
      ...{ store: { find }, events: { publish }, logger },
      windowMs: WINDOW_MS,
    });
    heard.push(payload => feed.hear(payload));
    const store = feed.noting({
      add: async entry => {
        rows.set(entry.id, { ...entry, at: '2026-01-01T00:00:00.000Z' });
      },
      complete: async (id, { outcome }) => {
        const entry = rows.get(id);
        if (entry) rows.set(id, { ...entry, outcome });
      },
    });
    return { feed, store };
  };
  const [here, there] = [instance(), instance()];
  const end = new AbortController();
  const open = (scope: AuditScope, cluster?: string) => {
    const topic = new AuditTopic({
      feed: here.feed,
      scopes: { of: async () => ({ scope, name: 'own' }) },
    });
    const events = topic
      .open(
        { id: 's', topic: 'audit', cluster },
        requestContext({ signal: end.signal }),
      )
      [Symbol.asyncIterator]();
    return async (): Promise<TopicEvent | undefined> =>
      (await events.next()).value;
  };
  return { ...{ here, there, open, end, find, publish, published, logger } };
}

const entry = (id: string, more: Partial<NewAuditEntry> = {}) => ({
  ...{ id, actor: 'user:default/joe', action: 'namespace.create' },
  ...{ outcome: 'pending' as const, requestId: id, ...more },
});

const told = (event: TopicEvent | undefined) =>
  event?.type === 'changes'
    ? (event.upserted as AuditEntry[]).map(
        ({ id, outcome }) => `${id} ${outcome}`,
      )
    : event?.type;

it('tells of what was written on any instance, as it has become', async () => {
  const { here, there, open, end, published } = setUp();
  const next = open('all');
  expect(await next()).toEqual({ type: 'reset' });
  await there.store.add(entry('a'));
  expect(told(await next())).toEqual(['a pending']);
  await there.store.complete('a', { outcome: 'succeeded', durationMs: 1 });
  expect(told(await next())).toEqual(['a succeeded']);
  await here.store.add(entry('b'));
  await here.store.complete('b', { outcome: 'failed', durationMs: 1 });
  expect(told(await next())).toEqual(['b failed']);
  // Nothing but ids is in events, which every plugin may hear.
  expect(published.at(-1)).toEqual({
    ...{ topic: AUDIT_TOPIC },
    eventPayload: { ids: ['b'], hasMore: false },
  });
  end.abort();
  expect(await next()).toBeUndefined();
});

it.each<[string, AuditScope, string[]]>([
  ['all', 'all', ['own', 'theirs', 'other', 'nowhere']],
  ['own', { actor: JANE, clusters: [] }, ['own']],
  ['some clusters', { actor: JANE, clusters: ['c1'] }, ['own', 'theirs']],
])('tells who may see %s of nothing else', async (_name, scope, ids) => {
  const { here, open, find } = setUp();
  const next = open(scope);
  await next();
  await here.store.add(entry('own', { actor: JANE, cluster: 'c2' }));
  await here.store.add(entry('theirs', { cluster: 'c1' }));
  await here.store.add(entry('other', { cluster: 'c2' }));
  await here.store.add(entry('nowhere'));
  expect(told(await next())).toEqual(ids.map(id => `${id} pending`));
  expect(find).toHaveBeenCalledTimes(1);
});

it('tells of one cluster alone where that is asked for', async () => {
  const { here, open } = setUp();
  const next = open('all', 'c1');
  await next();
  await here.store.add(entry('elsewhere', { cluster: 'c2' }));
  await here.store.add(entry('here', { cluster: 'c1' }));
  expect(told(await next())).toEqual(['here pending']);
});

it('has the page read again when there is too much, or it cannot be read', async () => {
  const { here, open, find, logger } = setUp();
  const next = open('all');
  await next();
  for (let count = 0; count < 300; count += 1) {
    await here.store.add(entry(String(count)));
  }
  expect(await next()).toEqual({ type: 'reset' });
  expect(find).not.toHaveBeenCalled();
  find.mockRejectedValueOnce(new Error('away'));
  await here.store.add(entry('lost'));
  expect(await next()).toEqual({ type: 'reset' });
  expect(logger.warn).toHaveBeenCalledTimes(1);
  await here.store.add(entry('later'));
  expect(told(await next())).toEqual(['later pending']);
});

it('tells what has become of an entry last, however long it takes to read', async () => {
  const { here, open, find } = setUp();
  const next = open('all');
  await next();
  const slow = new Promise<void>(resolve => setTimeout(resolve, 50));
  find.mockImplementationOnce(async () => {
    await slow;
    return [{ ...entry('a'), at: '2026-01-01T00:00:00.000Z' }];
  });
  const first = here.feed.hear({ ids: ['a'] });
  await here.store.add(entry('a'));
  await here.store.complete('a', { outcome: 'succeeded', durationMs: 1 });
  const second = here.feed.hear({ ids: ['a'] });
  await Promise.all([first, second]);
  expect(told(await next())).toEqual(['a succeeded']);
});

it('reads nothing while nobody listens, and takes no harm from what others send', async () => {
  const { here, open, find } = setUp();
  await here.feed.hear({ ids: ['a'], hasMore: false });
  expect(find).not.toHaveBeenCalled();
  const next = open('all');
  await next();
  for (const payload of [undefined, 'text', { ids: 'a' }, { ids: [1, {}] }]) {
    await here.feed.hear(payload);
  }
  await here.feed.hear({ ids: ['x'.repeat(1_000)] });
  await here.store.add(entry('a'));
  expect(told(await next())).toEqual(['a pending']);
});

it('is no reason for a change to fail when events are away', async () => {
  const { here, publish, logger } = setUp();
  publish.mockRejectedValue(new Error('no bus'));
  await here.store.add(entry('a'));
  await new Promise(resolve => setTimeout(resolve, 2 * WINDOW_MS));
  expect(logger.warn).toHaveBeenCalledTimes(1);
});
