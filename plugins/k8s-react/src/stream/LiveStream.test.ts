import { LiveStream } from './LiveStream';
import type { OpenStream } from './LiveStream';
import type { StreamEvent } from './StreamEvent';

/** A server that keeps what it was asked for and sends what the test tells it to. */
function fakeServer() {
  const opened: {
    topics: string[];
    ids: string[];
    signal: AbortSignal;
    send: (event: string, data: object) => void;
    sendRaw: (text: string) => void;
    end: () => void;
  }[] = [];
  let refusals = 0;
  const encoder = new TextEncoder();
  const open: OpenStream = async (subscriptions, signal) => {
    if (refusals > 0) {
      refusals -= 1;
      throw new Error('refused');
    }
    return new ReadableStream<Uint8Array>({
      start(controller) {
        const sendRaw = (text: string) =>
          controller.enqueue(encoder.encode(text));
        signal.addEventListener('abort', () =>
          controller.error(new Error('aborted')),
        );
        opened.push({
          topics: subscriptions.map(({ topic, cluster = '' }) =>
            [topic, cluster].filter(Boolean).join(' '),
          ),
          ids: subscriptions.map(({ id }) => id),
          signal,
          sendRaw,
          send: (event, data) =>
            sendRaw(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          end: () => controller.close(),
        });
      },
    });
  };
  return {
    open,
    opened,
    refuse: (times: number) => {
      refusals = times;
    },
  };
}

const tick = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('LiveStream', () => {
  it('asks for all that a page wants with one connection, for equal topics once', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    stream.subscribe({ topic: 'clusters' }, () => {});
    stream.subscribe({ topic: 'nodes', cluster: 'a' }, () => {});
    stream.subscribe({ topic: 'clusters' }, () => {});
    await tick(1_000);
    expect(server.opened.map(({ topics }) => topics)).toEqual([
      ['clusters', 'nodes a'],
    ]);
  });

  it('asks for the events of each object by itself', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    const events = { topic: 'events', cluster: 'a' } as const;
    stream.subscribe(events, () => {});
    stream.subscribe({ ...events, involved: 'Pod/one' }, () => {});
    stream.subscribe({ ...events, involved: 'Pod/two' }, () => {});
    await tick(200);
    expect(server.opened.map(({ ids }) => ids.length)).toEqual([3]);
  });

  it('tells each subscription its own changes, and every observer of it', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    const heard: [string, StreamEvent][] = [];
    stream.subscribe({ topic: 'nodes', cluster: 'a' }, event =>
      heard.push(['first', event]),
    );
    stream.subscribe({ topic: 'nodes', cluster: 'a' }, event =>
      heard.push(['second', event]),
    );
    stream.subscribe({ topic: 'nodes', cluster: 'b' }, event =>
      heard.push(['other', event]),
    );
    await tick(200);
    const [{ ids, send }] = server.opened;
    send('ready', {});
    send('changes', { subscription: ids[0], upserted: [1], deleted: [] });
    await tick(10);
    const changes = { type: 'changes', upserted: [1], deleted: [] };
    expect(heard).toEqual([
      ['first', changes],
      ['second', changes],
    ]);
  });

  it('opens again with the new set when it changes, and closes the old connection', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    const stop = stream.subscribe({ topic: 'clusters' }, () => {});
    await tick(200);
    server.opened[0].send('ready', {});
    await tick(1);
    stream.subscribe({ topic: 'nodes', cluster: 'a' }, () => {});
    stop();
    await tick(200);
    expect(server.opened.map(({ topics }) => topics)).toEqual([
      ['clusters'],
      ['nodes a'],
    ]);
    expect(server.opened[0].signal.aborted).toBe(true);
    expect(stream.state.state).toBe('connecting');
  });

  it('closes when nobody listens any more', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    stream.subscribe({ topic: 'clusters' }, () => {})();
    await tick(200);
    expect(server.opened).toHaveLength(0);
    const stop = stream.subscribe({ topic: 'clusters' }, () => {});
    await tick(200);
    stop();
    await tick(200);
    expect(server.opened[0].signal.aborted).toBe(true);
    expect(stream.state).toEqual({ state: 'idle' });
    await tick(120_000);
    expect(server.opened).toHaveLength(1);
  });

  it('says that it is down only after a moment, with when it was lost, and tells of the return once', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    const heard: string[] = [];
    stream.subscribe({ topic: 'clusters' }, ({ type }) => heard.push(type));
    await tick(200);
    server.opened[0].send('ready', {});
    await tick(1);
    server.refuse(4);
    const lostAt = Date.now();
    server.opened[0].end();
    await tick(500);
    expect(stream.state.state).toBe('live');
    await tick(1_600);
    expect(stream.state).toEqual({ state: 'down', since: lostAt });
    // Longer than the waits after four refusals, shorter than a silence that counts as a loss.
    await tick(20_000);
    expect(server.opened).toHaveLength(2);
    server.opened[1].send('ready', {});
    await tick(1);
    expect(stream.state.state).toBe('live');
    expect(heard).toEqual(['reconnected']);
  });

  it('waits longer after each failure, also when the server lets it in and ends at once', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    stream.subscribe({ topic: 'clusters' }, () => {});
    await tick(200);
    for (let round = 0; round < 200; round++) {
      const last = server.opened.at(-1);
      if (last && !last.signal.aborted) {
        last.send('ready', {});
        last.send('end', { reason: 'no' });
      }
      await tick(300);
    }
    // A minute; without growing waits it would be more than a hundred.
    expect(server.opened.length).toBeLessThan(12);
  });

  it('takes a connection without any byte for lost', async () => {
    const server = fakeServer();
    const stream = new LiveStream(server.open);
    stream.subscribe({ topic: 'clusters' }, () => {});
    await tick(200);
    server.opened[0].send('ready', {});
    await tick(40_000);
    server.opened[0].sendRaw(': still here\n\n');
    await tick(40_000);
    expect(server.opened).toHaveLength(1);
    await tick(10_000);
    expect(server.opened).toHaveLength(2);
  });
});
