import { mockServices } from '@backstage/backend-test-utils';
import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { OUTAGE_MS } from '../access/DecisionMemory';
import { requestContext } from '../router/__testUtils__/requestContext';
import type { StreamMessage } from './ChangeBuffer';
import type { StreamAccess } from './StreamAccess';
import { streamHandlers } from './streamHandlers';
import type { Subscription, TopicEvent, TopicSource } from './TopicSource';

const PODS: Subscription = { id: 'a', topic: 'deployments', cluster: 'c1' };
const ROW = { namespace: 'shop', name: 'payments', ready: 1 };

/** A topic that says what the test says. */
class ToldTopic implements TopicSource {
  readonly opened: {
    signal: AbortSignal;
    tell: (event: TopicEvent) => void;
  }[] = [];

  async *open(
    _subscription: Subscription,
    { signal }: RequestContext,
  ): AsyncGenerator<TopicEvent> {
    const events: TopicEvent[] = [{ type: 'reset' }];
    const waiting = { wake: () => {} };
    this.opened.push({
      signal,
      tell: event => {
        events.push(event);
        waiting.wake();
      },
    });
    signal.addEventListener('abort', () => waiting.wake());
    while (!signal.aborted) {
      yield* events.splice(0);
      await new Promise<void>(resolve => {
        waiting.wake = resolve;
        if (events.length > 0 || signal.aborted) resolve();
      });
    }
  }
}

const changes = (upserted: object[], deleted: string[] = []): TopicEvent => ({
  type: 'changes',
  upserted,
  deleted,
  cluster: 'c1',
});

let topic: ToldTopic;
let logger: ReturnType<typeof mockServices.logger.mock>;
let access: { of: jest.Mock };
let shutdown: AbortController;
let open: ReturnType<typeof streamHandlers>['openStream'];

beforeEach(() => {
  jest.useFakeTimers();
  topic = new ToldTopic();
  logger = mockServices.logger.mock();
  access = { of: jest.fn().mockResolvedValue('all') };
  shutdown = new AbortController();
  open = streamHandlers({
    topics: {
      clusters: topic,
      health: topic,
      nodes: topic,
      events: topic,
      namespaces: topic,
      deployments: topic,
      rollouts: topic,
      service: topic,
      resources: topic,
      audit: topic,
    },
    access: access as unknown as StreamAccess,
    logger,
    shutdown: shutdown.signal,
  }).openStream;
});

afterEach(() => {
  shutdown.abort();
  jest.useRealTimers();
});

/** Opens a stream and keeps what comes. */
async function read(
  subscriptions: Subscription[] = [PODS],
  context: RequestContext = requestContext(),
) {
  const { events } = await open({
    context,
    path: {},
    query: {},
    body: { subscriptions },
  });
  const messages: StreamMessage[] = [];
  const ended = (async () => {
    for await (const message of events) messages.push(message as StreamMessage);
  })();
  await jest.advanceTimersByTimeAsync(250);
  return { messages, ended, context };
}

describe('openStream', () => {
  it.each<[string, Subscription[]]>([
    ['no cluster', [{ id: 'a', topic: 'nodes' }]],
    ['no entity', [{ id: 'a', topic: 'service' }]],
    ['one id twice', [PODS, PODS]],
  ])('refuses subscriptions with %s', async (_name, subscriptions) => {
    await expect(read(subscriptions)).rejects.toThrow(InputError);
  });

  it('refuses a cluster that may not be seen, like one that does not exist', async () => {
    access.of.mockRejectedValue(new NotFoundError('There is no cluster'));
    await expect(read()).rejects.toThrow(NotFoundError);
    expect(topic.opened).toEqual([]);
  });

  it('opens what may be seen besides what may not', async () => {
    access.of.mockImplementation(async ({ id }) => {
      if (id === 'b') throw new NotFoundError('There is no cluster');
      return 'all';
    });
    const { messages } = await read([PODS, { ...PODS, id: 'b' }]);
    expect(topic.opened).toHaveLength(1);
    expect(messages.slice(1)).toEqual([
      { event: 'reset', data: { subscription: 'b' } },
      { event: 'reset', data: { subscription: 'a' } },
    ]);
  });

  it('refuses more streams than one caller needs, and lets others in', async () => {
    const contexts = Array.from({ length: 20 }, () => {
      const controller = new AbortController();
      return {
        controller,
        context: requestContext({ signal: controller.signal }),
      };
    });
    for (const { context } of contexts) await read([PODS], context);
    await expect(read()).rejects.toMatchObject({ statusCode: 429 });
    await read([PODS], requestContext({ user: 'user:default/joe' }));
    contexts[0].controller.abort();
    await read();
  });

  it('does not count readers who left before their stream was opened', async () => {
    for (let count = 0; count < 25; count++) {
      await read([PODS], requestContext({ signal: AbortSignal.abort() }));
    }
    const { messages } = await read();
    expect(messages[0].event).toBe('ready');
  });

  it('sends changes together, the last of each row', async () => {
    const { messages } = await read();
    const [{ tell }] = topic.opened;
    tell(changes([ROW, { ...ROW, name: 'cart' }]));
    tell(changes([{ ...ROW, ready: 2 }], ['shop/cart']));
    await jest.advanceTimersByTimeAsync(250);
    expect(messages).toEqual([
      { event: 'ready', data: {} },
      { event: 'reset', data: { subscription: 'a' } },
      {
        event: 'changes',
        data: {
          subscription: 'a',
          cluster: 'c1',
          upserted: [{ ...ROW, ready: 2 }],
          deleted: ['shop/cart'],
        },
      },
    ]);
  });

  it('sends a long list in several events', async () => {
    const { messages } = await read();
    const rows = Array.from({ length: 1200 }, (_, index) => ({
      ...ROW,
      name: `row-${index}`,
    }));
    topic.opened[0].tell(changes(rows));
    await jest.advanceTimersByTimeAsync(250);
    const sizes = messages
      .slice(2)
      .map(
        ({ data }) =>
          (JSON.parse(JSON.stringify(data)).upserted as object[]).length,
      );
    expect(sizes).toEqual([500, 500, 200]);
  });

  it('sends nothing more once the right is lost, within ten seconds', async () => {
    const { messages, ended } = await read();
    access.of.mockRejectedValue(new NotFoundError('There is no cluster'));
    topic.opened[0].tell(changes([ROW]));
    // The look at the rights comes before the window in which the row would be sent.
    await jest.advanceTimersByTimeAsync(7_700);
    const before = messages.length;
    topic.opened[0].tell(changes([{ ...ROW, ready: 9 }]));
    await jest.advanceTimersByTimeAsync(150);
    await ended;
    expect(topic.opened[0].signal.aborted).toBe(true);
    expect(messages.slice(before)).toEqual([
      { event: 'reset', data: { subscription: 'a' } },
      { event: 'end', data: { reason: 'nothingLeft' } },
    ]);
  });

  it('starts again under other rights when they changed', async () => {
    const { messages } = await read();
    access.of.mockResolvedValue('shop only');
    await jest.advanceTimersByTimeAsync(8_300);
    expect(topic.opened).toHaveLength(2);
    expect(topic.opened[0].signal.aborted).toBe(true);
    expect(messages.at(-1)).toEqual({
      event: 'reset',
      data: { subscription: 'a' },
    });
    await jest.advanceTimersByTimeAsync(18_000);
    expect(topic.opened).toHaveLength(2);
  });

  it.each([
    ['cannot be asked for', () => Promise.reject(new Error('away'))],
    ['are waited for in vain', () => new Promise(() => {})],
  ])('goes on for a while when the rights %s, and ends', async (_, away) => {
    const { messages, ended } = await read();
    access.of.mockImplementation(away);
    await jest.advanceTimersByTimeAsync(OUTAGE_MS - 15_000);
    topic.opened[0].tell(changes([ROW]));
    await jest.advanceTimersByTimeAsync(250);
    expect(messages.at(-1)?.event).toBe('changes');
    await jest.advanceTimersByTimeAsync(30_000);
    await ended;
    expect(messages.at(-1)).toEqual({
      event: 'end',
      data: { reason: 'accessUnknown' },
    });
  });

  it('goes on when the rights are known again, and loses those that are lost', async () => {
    const { messages, ended } = await read();
    access.of.mockRejectedValue(new Error('away'));
    await jest.advanceTimersByTimeAsync(OUTAGE_MS - 15_000);
    access.of.mockResolvedValue('all');
    await jest.advanceTimersByTimeAsync(OUTAGE_MS);
    expect(messages.at(-1)?.event).toBe('reset');
    access.of.mockRejectedValue(new NotFoundError('There is no cluster'));
    await jest.advanceTimersByTimeAsync(10_000);
    await ended;
    expect(messages.at(-1)?.data).toEqual({ reason: 'nothingLeft' });
  });

  it('ends with the token', async () => {
    const context = requestContext();
    const expiresAt = new Date(Date.now() + 60_000);
    const { messages, ended } = await read([PODS], {
      ...context,
      credentials: { ...context.credentials, expiresAt },
    });
    await jest.advanceTimersByTimeAsync(59_000);
    expect(messages.at(-1)?.event).toBe('reset');
    await jest.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(messages.at(-1)).toEqual({
      event: 'end',
      data: { reason: 'tokenExpired' },
    });
    expect(topic.opened[0].signal.aborted).toBe(true);
  });

  it('ends with the process', async () => {
    const { messages, ended } = await read();
    shutdown.abort();
    await jest.advanceTimersByTimeAsync(1);
    await ended;
    expect(messages.at(-1)?.data).toEqual({ reason: 'shutdown' });
  });

  it('closes its topics when the reader is gone', async () => {
    const controller = new AbortController();
    const { ended } = await read(
      [PODS],
      requestContext({ signal: controller.signal }),
    );
    controller.abort();
    await jest.advanceTimersByTimeAsync(1);
    await ended;
    expect(topic.opened[0].signal.aborted).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('opens a topic that failed again', async () => {
    let failures = 1;
    const original = topic.open.bind(topic);
    topic.open = (subscription, context) => {
      if (failures-- > 0) throw new Error('broken');
      return original(subscription, context);
    };
    await read();
    expect(topic.opened).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(topic.opened).toHaveLength(1);
  });

  it('says once that a topic stands still and why, until it is told of again', async () => {
    const original = topic.open.bind(topic);
    topic.open = () => {
      throw new ServiceUnavailableError('Raise the memory');
    };
    const { messages } = await read();
    await jest.advanceTimersByTimeAsync(30_000);
    const still = {
      event: 'changes',
      data: {
        ...{ subscription: 'a', cluster: 'c1', upserted: [], deleted: [] },
        cache: {
          ...{ state: 'stale', message: 'Raise the memory' },
          asOf: expect.any(String),
        },
      },
    };
    expect(messages.slice(1)).toEqual([still]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    topic.open = original;
    await jest.advanceTimersByTimeAsync(6_000);
    expect(messages.at(-1)?.event).toBe('reset');
    expect(messages).toHaveLength(3);
  });

  it('keeps the words of a fault that nobody meant to be told to itself', async () => {
    topic.open = () => {
      throw new TypeError('x is undefined');
    };
    const { messages } = await read();
    expect(messages.at(-1)).toMatchObject({
      event: 'changes',
      data: { cache: { state: 'stale' } },
    });
    expect(JSON.stringify(messages)).not.toContain('undefined');
  });
});
