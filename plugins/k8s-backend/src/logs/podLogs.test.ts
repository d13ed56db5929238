import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  k8sLogsReadPermission,
  k8sResourceReadPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceChange,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import { ReadGuard } from '../access/ReadGuard';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditIntent, AuditLog } from '../audit/AuditLog';
import type {
  ClusterConnection,
  KubeRequest,
} from '../connection/ClusterConnection';
import { ResourceFilters } from '../extensions/ResourceFilters';
import { requestContext } from '../router/__testUtils__/requestContext';
import { Download } from '../router/Download';
import { AuditedPodLogs } from './AuditedPodLogs';
import { AuthorizedPodLogs } from './AuthorizedPodLogs';
import { LivePodLogs } from './LivePodLogs';
import { logHandlers } from './logHandlers';
import type { LogEvent, LogsQuery, PodLogs } from './PodLogs';

const QUERY: LogsQuery = { cluster: 'c1', namespace: 'shop', pods: ['one'] };
const TIME = '2026-01-01T00:00:00Z';

const clusters: VisibleClusters = {
  get: async id => {
    if (id !== 'c1') throw new NotFoundError(`There is no cluster ${id}`);
    return { id, name: 'dev-eu', labels: {} };
  },
  list: async () => [],
};

const nextTurn = () =>
  new Promise(resolve => {
    setImmediate(resolve);
  });

async function all(events: AsyncIterable<LogEvent>): Promise<LogEvent[]> {
  const read = [];
  for await (const event of events) read.push(event);
  return read;
}

/** Events until the signal, as a log that is followed has them. */
async function* following(
  context: RequestContext,
  ...events: LogEvent[]
): AsyncGenerator<LogEvent> {
  yield* events;
  await new Promise<void>(resolve => {
    context.signal.addEventListener('abort', () => resolve());
  });
}

const line = (text: string): LogEvent => ({
  type: 'lines',
  ...{ pod: 'one', container: 'main' },
  lines: [{ text }],
});

describe('authorized', () => {
  const may = new Set<string>();
  const access = {
    allowsResource: async ({ name }: { name: string }) => may.has(name),
    refusal: () => 'This needs the role K8sViewer',
  } as unknown as AccessControl;
  const open = jest.fn();
  const criteria = jest.fn();
  const filters = [{ name: 'turns', criteria }];
  const narrowings = [new ResourceFilters({ filters, clusters })];
  const allowUse = jest.fn();
  const logs = new AuthorizedPodLogs({
    ...{ access, clusters, recheckMs: 5 },
    rules: { allowUse },
    guard: new ReadGuard({ access, clusters, narrowings }),
    logs: { open },
  });
  const pods: LogEvent = {
    type: 'pods',
    pods: [{ pod: 'one', container: 'main' }],
    omitted: 0,
  };
  const selector = { ...QUERY, pods: undefined, labelSelector: 'app=x' };
  const hide = () => criteria.mockResolvedValue('none');

  beforeEach(() => {
    may.clear();
    may.add('log');
    allowUse.mockReset();
    allowUse.mockImplementation(async ({ subresource }) =>
      may.has(subresource),
    );
    criteria.mockReset();
    criteria.mockResolvedValue('all');
    open.mockReset();
    open.mockImplementation(async (_, { context }) =>
      following(context, line('first')),
    );
  });

  it.each([
    ['nothing', [], NotFoundError],
    ['only the pod', [k8sResourceReadPermission], NotAllowedError],
    ['only logs', [k8sLogsReadPermission], NotFoundError],
  ])('refuses whom sees %s', async (_, permissions, error) => {
    permissions.forEach(({ name }) => may.add(name));
    await expect(
      logs.open(QUERY, { context: requestContext() }),
    ).rejects.toThrow(error);
    expect(open).not.toHaveBeenCalled();
  });

  it('refuses a selector where logs may not be read', async () => {
    may.add(k8sResourceReadPermission.name);
    await expect(
      logs.open(selector, { context: requestContext() }),
    ).rejects.toThrow(NotAllowedError);
  });

  it('refuses whom the rules of the cluster refuse', async () => {
    may.add(k8sResourceReadPermission.name).add(k8sLogsReadPermission.name);
    may.delete('log');
    await expect(
      logs.open(QUERY, { context: requestContext() }),
    ).rejects.toThrow(/rules of the cluster/);
    expect(open).not.toHaveBeenCalled();
  });

  it('refuses a cluster that may not be seen', async () => {
    await expect(
      logs.open({ ...QUERY, cluster: 'c2' }, { context: requestContext() }),
    ).rejects.toThrow('There is no cluster c2');
  });

  it('ends when the right is taken away, and says so', async () => {
    may.add(k8sResourceReadPermission.name).add(k8sLogsReadPermission.name);
    const events = await logs.open(QUERY, { context: requestContext() });
    const read = [];
    for await (const event of events) {
      read.push(event);
      may.delete(k8sLogsReadPermission.name);
    }
    expect(read).toEqual([
      line('first'),
      { type: 'end', reason: 'accessLost' },
    ]);
    expect(open.mock.calls[0][1].context.signal.aborted).toBe(true);
  });

  it.each([
    ['a filter hides its pod', QUERY, hide],
    ['a filter hides the pods of its selector', selector, hide],
    [
      'the pods of its selector may not be read',
      selector,
      () => may.delete(k8sResourceReadPermission.name),
    ],
  ])('ends when %s', async (_, query, lose) => {
    may.add(k8sResourceReadPermission.name).add(k8sLogsReadPermission.name);
    open.mockImplementation(async (__, { context }) =>
      following(context, pods),
    );
    const events = await logs.open(query, { context: requestContext() });
    const read = [];
    for await (const event of events) {
      read.push(event);
      lose();
    }
    expect(read).toEqual([pods, { type: 'end', reason: 'accessLost' }]);
    expect(open.mock.calls[0][1].context.signal.aborted).toBe(true);
  });

  it('goes on where a selector has found nothing, be it hidden or not there', async () => {
    may.add(k8sResourceReadPermission.name).add(k8sLogsReadPermission.name);
    hide();
    open.mockImplementation(async (_, { context }) =>
      following(context, { ...pods, pods: [] }),
    );
    const events = await logs.open(selector, { context: requestContext() });
    allowUse.mockImplementation(async () => {
      // It has looked several times before a right is lost that is asked for all.
      if (allowUse.mock.calls.length > 3) may.delete('log');
      return may.has('log');
    });
    expect((await all(events)).at(-1)).toMatchObject({ reason: 'accessLost' });
    expect(criteria).not.toHaveBeenCalled();
  });
});

describe('audited', () => {
  const kept: AuditIntent[] = [];
  let isAway = false;
  const audit = {
    change: async (
      intent: AuditIntent,
      _: unknown,
      work: () => Promise<unknown>,
    ) => {
      if (isAway) throw new ServiceUnavailableError('away');
      kept.push(intent);
      return work();
    },
  } as unknown as AuditLog;
  const open = jest.fn();
  const logs = new AuditedPodLogs({ audit, clusters, logs: { open } });

  it('keeps once whose logs were opened, and nothing of what is in them', async () => {
    open.mockImplementation(async (_, { context }) =>
      following(context, line('secret')),
    );
    await logs.open(
      { ...QUERY, pods: ['one', 'two'], follow: true, search: 'x' },
      { context: requestContext() },
    );
    expect(kept).toEqual([
      {
        action: 'logs.read',
        cluster: { id: 'c1', name: 'dev-eu' },
        resource: { group: '', plural: 'pods', namespace: 'shop' },
        details: { pods: ['one', 'two'], follow: true, search: 'x' },
      },
    ]);
  });

  it('opens nothing when that cannot be written', async () => {
    isAway = true;
    open.mockReset();
    await expect(
      logs.open(QUERY, { context: requestContext() }),
    ).rejects.toThrow(ServiceUnavailableError);
    expect(open).not.toHaveBeenCalled();
  });
});

describe('live', () => {
  /** What the API server answers for a pod's log; pods that are not here do not exist. */
  let written: Record<string, string | Error> = {};
  let requests: KubeRequest[] = [];
  let changes: ResourceChange[] = [];
  let isAway = false;
  /** Whether the containers have ended, so that nothing follows. */
  let hasEnded = false;
  /** Whether the watch has told its changes. */
  let isTold = false;
  let tellCircuit: (cluster: string) => void = () => {};

  const podOf = (name: string, restartCount = 0) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, namespace: 'shop' },
    spec: { containers: [{ name: 'main' }] },
    status: {
      containerStatuses: [
        { name: 'main', restartCount, state: { running: {} } },
      ],
    },
  });
  const connection = {
    cluster: 'c1',
    state: () => ({ circuit: isAway ? 'open' : 'closed' }),
    request: async (request: KubeRequest) => {
      requests.push(request);
      const [, name] = /pods\/([^/]+)\/log$/.exec(request.path) ?? [];
      await nextTurn();
      const text = written[name] ?? '';
      if (text instanceof Error) throw text;
      return {
        body: async function* body() {
          yield Buffer.from(text);
          if (!request.query?.follow || hasEnded) return;
          await new Promise<void>((_, reject) => {
            request.signal?.addEventListener('abort', () =>
              reject(new Error('aborted')),
            );
          });
        },
      };
    },
  } as unknown as ClusterConnection;
  const reader = {
    get: async ({ name }: { name: string }) => {
      if (!(name in written)) throw new NotFoundError(`"${name}" not found`);
      return { object: podOf(name), cache: { state: 'live' } };
    },
    list: async () => ({
      items: Object.keys(written).map(name => podOf(name)),
      cache: { state: 'live' },
    }),
    watch: async function* watch(
      _: unknown,
      { context }: { context: RequestContext },
    ) {
      yield* changes;
      isTold = true;
      await new Promise<void>(resolve => {
        context.signal.addEventListener('abort', () => resolve());
      });
    },
  } as unknown as ResourceReader;
  const logs = new LivePodLogs({
    connections: { get: async () => connection },
    onCircuit: listener => {
      tellCircuit = listener;
      return () => {};
    },
    reader,
  });
  const open = (query: Partial<LogsQuery>, signal?: AbortSignal) =>
    logs.open(
      { ...QUERY, ...query },
      { context: requestContext(signal && { signal }) },
    );
  const names = Array.from({ length: 25 }, (_, index) => `p${index}`);
  const added = (name: string, restartCount = 0): ResourceChange => ({
    type: 'ADDED',
    object: podOf(name, restartCount),
  });
  /** As a watch begins. */
  const begun = names.map(name => added(name));

  /** Follows a selector until the watch has told what came; returns how many pods each event says to be left out. */
  async function follow(there: string[], came: ResourceChange[]) {
    written = Object.fromEntries(there.map(name => [name, `${TIME} x\n`]));
    changes = came;
    const stop = new AbortController();
    const events = await open(
      { pods: undefined, labelSelector: 'app=x', follow: true, tailLines: 1 },
      stop.signal,
    );
    const counts: number[] = [];
    const read = (async () => {
      for await (const event of events) {
        if (event.type === 'pods') counts.push(event.omitted);
      }
    })();
    while (!isTold) await nextTurn();
    await nextTurn();
    stop.abort();
    await read;
    return counts;
  }

  beforeEach(() => {
    requests = [];
    changes = [];
    isAway = false;
    hasEnded = false;
    isTold = false;
    written = { one: `${TIME} a\n${TIME} b\n`, two: `${TIME} c\n` };
  });

  it('asks for what is wanted, with times, over connections of its own', async () => {
    await all(
      await open({
        ...{ container: 'main', previous: true },
        ...{ sinceSeconds: 60, tailLines: 10 },
      }),
    );
    expect(requests).toMatchObject([
      {
        path: '/api/v1/namespaces/shop/pods/one/log',
        query: {
          container: 'main',
          previous: true,
          sinceSeconds: 60,
          tailLines: 10,
          timestamps: true,
        },
        use: 'lasting',
      },
    ]);
  });

  it('reads several pods, says when each ends, and ends with the last', async () => {
    const events = await all(await open({ pods: ['one', 'two'] }));
    expect(events[0]).toMatchObject({
      pods: [
        { pod: 'one', container: 'main' },
        { pod: 'two', container: 'main' },
      ],
      omitted: 0,
    });
    const ends = events.filter(({ type }) => type === 'end');
    expect(ends).toHaveLength(3);
    expect(ends.at(-1)).toEqual({ type: 'end', reason: 'ended' });
  });

  it('reads the others when one of several is not there or cannot be read', async () => {
    written.two = new InputError('container is waiting to start');
    const events = await all(await open({ pods: ['one', 'two', 'none'] }));
    expect(
      events.flatMap(event =>
        event.type === 'end' && event.reason === 'failed'
          ? [[event.pod, event.message]]
          : [],
      ),
    ).toEqual([
      ['none', '"none" not found'],
      ['two', 'container is waiting to start'],
    ]);
    expect(events.some(({ type }) => type === 'lines')).toBe(true);
  });

  it('fails when all of them fail', async () => {
    written.one = new InputError('container is waiting to start');
    await expect(open({})).rejects.toThrow('waiting to start');
    await expect(open({ pods: ['none'] })).rejects.toThrow('not found');
  });

  it('passes on only lines that hold a text, which is no expression', async () => {
    written.one = `${TIME} An (Error)+\n${TIME} all well\n`;
    const found = async (search: string) =>
      (await all(await open({ search }))).flatMap(event =>
        event.type === 'lines' ? event.lines.map(({ text }) => text) : [],
      );
    expect(await found('(error)+')).toEqual(['An (Error)+']);
    expect(await found('.*')).toEqual([]);
  });

  it('passes on text where that is asked for, unless only some lines are wanted', async () => {
    const passedOn = async (query: Partial<LogsQuery>) =>
      (await all(await open({ asText: true, ...query }))).flatMap(event => {
        if (event.type === 'text') return Buffer.from(event.bytes).toString();
        return event.type === 'lines'
          ? event.lines.map(({ text }) => text)
          : [];
      });
    expect(await passedOn({})).toEqual([written.one]);
    expect(await passedOn({ search: 'b' })).toEqual(['b']);
  });

  it('stops at its limit of bytes', async () => {
    const events = await all(await open({ maxBytes: 5 }));
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'limit' });
  });

  it('reads no more than twenty pods of a selector', async () => {
    written = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`p${index}`, `${TIME} x\n`]),
    );
    const events = await all(
      await open({ pods: undefined, labelSelector: 'app=x' }),
    );
    expect(events[0]).toMatchObject({ omitted: 5 });
    expect(requests).toHaveLength(20);
  });

  it('reads nothing later of pods that were left out, when others have ended', async () => {
    hasEnded = true;
    expect(await follow(names, begun)).toEqual([5]);
    expect(requests).toHaveLength(20);
    expect(requests.every(({ query }) => query?.tailLines === 1)).toBe(true);
  });

  it('tells once of a pod that comes and is too much', async () => {
    expect(
      await follow(names, [
        ...begun,
        added('late'),
        // Another start of those that are left out.
        ...['late', 'p24'].map(name => added(name, 1)),
      ]),
    ).toEqual([5, 1]);
    expect(requests).toHaveLength(20);
  });

  it('begins to read no more than twenty of those that come together', async () => {
    const counts = await follow([], begun);
    expect(counts.filter(omitted => omitted > 0)).toEqual([1, 1, 1, 1, 1]);
    expect(requests).toHaveLength(20);
  });

  it('reads pods that come while it follows', async () => {
    written = { one: `${TIME} a\n` };
    changes = [
      { type: 'ADDED', object: podOf('one') },
      { type: 'ADDED', object: podOf('late') },
    ];
    const stop = new AbortController();
    const events = await open(
      { pods: undefined, labelSelector: 'app=x', follow: true, tailLines: 1 },
      stop.signal,
    );
    written.late = `${TIME} came\n`;
    for await (const event of events) {
      if (event.type === 'lines' && event.pod === 'late') stop.abort();
    }
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/shop/pods/one/log',
      '/api/v1/namespaces/shop/pods/late/log',
    ]);
    // What has just begun is read from its beginning.
    expect(requests[1].query?.tailLines).toBeUndefined();
  });

  it('ends when the cluster stops answering', async () => {
    const events = await open({ follow: true });
    isAway = true;
    tellCircuit('another');
    tellCircuit('c1');
    expect((await all(events)).at(-1)).toEqual({
      type: 'end',
      reason: 'clusterAway',
    });
  });

  it('ends all requests when its reader is gone', async () => {
    const stop = new AbortController();
    const events = await open({ follow: true }, stop.signal);
    stop.abort();
    await all(events);
    expect(requests[0].signal?.aborted).toBe(true);
  });

  it('reads no more logs of one cluster at once than there are connections', async () => {
    const stops: AbortController[] = [];
    for (let count = 0; count < 256; count += 1) {
      const stop = new AbortController();
      stops.push(stop);
      await open({ follow: true }, stop.signal);
    }
    await expect(open({})).rejects.toMatchObject({
      name: 'TooManyRequestsError',
    });
    stops.forEach(stop => stop.abort());
    await nextTurn();
    await expect(open({})).resolves.toBeDefined();
  });
});

describe('handlers', () => {
  const open = jest.fn();
  const shutdown = new AbortController();
  const handlers = logHandlers({
    logs: { open } as PodLogs,
    shutdown: shutdown.signal,
  });
  const path = { id: 'c1', namespace: 'shop', name: 'one' };
  const stream = (body: object, context = requestContext()) =>
    handlers.openLogStream({
      path: { id: 'c1' },
      query: {},
      body: { namespace: 'shop', follow: false, previous: false, ...body },
      context,
    });
  const give = (...events: LogEvent[]) =>
    open.mockImplementation(async function* events_() {
      yield* events;
    });

  beforeEach(() => open.mockReset());

  it('answers the newest lines that fit, and that there are more', async () => {
    const long = 'x'.repeat(60_000);
    const many = Array.from({ length: 40 }, (_, index) => ({
      text: `${index} ${long}`,
    }));
    const events: LogEvent[] = [
      { type: 'pods', pods: [{ pod: 'one', container: 'main' }], omitted: 0 },
      { type: 'lines', pod: 'one', container: 'main', lines: many },
      { type: 'end', reason: 'ended' },
    ];
    open.mockResolvedValue(
      (async function* each() {
        yield* events;
      })(),
    );
    const answer = await handlers.readPodLogs({
      path,
      query: {},
      body: undefined,
      context: requestContext(),
    });
    if (answer instanceof Download) throw new Error('It is no file');
    expect(answer).toMatchObject({
      pod: 'one',
      container: 'main',
      truncated: true,
    });
    expect(answer.lines.at(-1)?.text).toMatch(/^39 /);
    expect(answer.lines.length).toBeLessThan(40);
  });

  it('gives a file that says where it is not complete', async () => {
    open.mockResolvedValue(
      (async function* each(): AsyncGenerator<LogEvent> {
        yield {
          type: 'lines',
          ...{ pod: 'one', container: 'main' },
          lines: [{ at: TIME, text: 'a' }, { text: 'b' }],
        };
        yield {
          type: 'text',
          ...{ pod: 'one', container: 'main', bytes: Buffer.from('c\nd') },
        };
        yield { type: 'end', reason: 'limit' };
      })(),
    );
    const file = await handlers.readPodLogs({
      path,
      query: { download: true },
      body: undefined,
      context: requestContext(),
    });
    if (!(file instanceof Download)) throw new Error('It is a file');
    let text = '';
    for await (const piece of file.pieces) text += piece;
    expect(file.fileName).toBe('one.log');
    expect(text).toBe(`${TIME} a\nb\nc\nd\n(not complete: limit)\n`);
    expect(open.mock.calls[0][0]).toMatchObject({ asText: true });
    expect(open.mock.calls[0][0].tailLines).toBeUndefined();
  });

  it.each([
    ['neither pods nor a selector', {}],
    ['both', { pods: ['one'], labelSelector: 'app=x' }],
  ])('refuses a stream of %s', async (_, body) => {
    await expect(stream(body)).rejects.toThrow(InputError);
    expect(open).not.toHaveBeenCalled();
  });

  it('refuses more than twenty streams of one caller, and counts off those that ended', async () => {
    give();
    const stops = Array.from({ length: 20 }, () => new AbortController());
    for (const { signal } of stops) {
      await stream({ pods: ['one'] }, requestContext({ signal }));
    }
    await expect(stream({ pods: ['one'] })).rejects.toMatchObject({
      name: 'TooManyRequestsError',
    });
    stops[0].abort();
    const { signal } = stops[1];
    await expect(
      stream({ pods: ['one'] }, requestContext({ signal })),
    ).resolves.toBeDefined();
    stops.forEach(stop => stop.abort());
  });

  it('ends a stream with the token that opened it', async () => {
    open.mockImplementation(async (_, { context }) =>
      following(context, line('first')),
    );
    const context = requestContext();
    const credentials = {
      ...context.credentials,
      expiresAt: new Date(Date.now() + 20),
    };
    const { events } = await stream(
      { pods: ['one'], follow: true },
      { ...context, credentials },
    );
    const sent = [];
    for await (const event of events) sent.push(event);
    expect(sent).toEqual([
      { event: 'lines', data: expect.objectContaining({ pod: 'one' }) },
      { event: 'end', data: { reason: 'tokenExpired' } },
    ]);
  });
});
