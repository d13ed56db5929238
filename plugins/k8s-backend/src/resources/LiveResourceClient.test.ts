/** Which requests are sent, and how often, when answers are lost. What a real API server answers is tested in the integration tests. */
import type { ServerResponse } from 'node:http';
import type { ResourcePatch } from '@backstage-k8s/plugin-k8s-node';
import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import { CannedApiServer } from '../cache/__testUtils__/CannedApiServer';
import type { CannedRequest } from '../cache/__testUtils__/CannedApiServer';
import {
  CONFIG_MAPS,
  CONFIG_MAPS_PATH,
  configMap,
  contextOf,
  eventually,
  listOf,
  statusBody,
} from '../cache/__testUtils__/objects';
import {
  NODE_METRICS_LIST,
  NODE_METRICS_OF_C1,
} from '../workloads/__fixtures__/nodeMetrics';
import { LiveResourceClient } from './LiveResourceClient';

const REFERENCE = { ...CONFIG_MAPS, namespace: 'default', name: 'a' };
const PATCH: ResourcePatch = { data: { x: 'y' } };

let server: CannedApiServer;
let client: LiveResourceClient;

async function start(
  answer: (request: CannedRequest, response: ServerResponse) => unknown,
) {
  server = new CannedApiServer((request, response) => {
    const body = answer(request, response);
    if (body === undefined) return;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await server.start();
  client = new LiveResourceClient({ connections: server.connections });
}

afterEach(() => server.stop());

const sent = () => server.requests.map(({ method }) => method);
const write = (idempotency?: { marker: string; resumed: boolean }) => ({
  context: contextOf({ idempotency }),
  action: 'test',
});
const marked = (marker: string) => {
  const object = configMap('a', 2);
  object.metadata.annotations = { [ANNOTATION_REQUEST]: marker };
  return object;
};

function fail(response: ServerResponse, code: number): undefined {
  response.writeHead(code);
  response.end(JSON.stringify(statusBody(code)));
}
const lose = (response: ServerResponse): undefined => {
  response.destroy();
};

describe('reads', () => {
  it('are done again when the network or the API server fails for a moment', async () => {
    await start(({ count }, response) => {
      if (count === 0) return lose(response);
      return count === 1 ? fail(response, 503) : configMap('a', 1);
    });
    const { object } = await client.get(REFERENCE, { context: contextOf() });
    expect(object.metadata.name).toBe('a');
    expect(sent()).toEqual(['GET', 'GET', 'GET']);
  });

  it('are given up after three attempts', async () => {
    await start((_, response) => fail(response, 500));
    await expect(
      client.get(REFERENCE, { context: contextOf() }),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(sent()).toHaveLength(3);
  });

  it('are not done again when the answer is an answer', async () => {
    await start((_, response) => fail(response, 404));
    await expect(
      client.get(REFERENCE, { context: contextOf() }),
    ).rejects.toThrow('configmaps "a" not found in namespace "default"');
    expect(sent()).toHaveLength(1);
  });

  it('of lists go page by page, again from the start after 410, and keep only what may be seen', async () => {
    const labels = { x: 'y' };
    await start(({ query, count }, response) => {
      if (query.get('continue') === 'two') {
        return count === 1
          ? fail(response, 410)
          : listOf([configMap('c', 1, { labels })], 9);
      }
      return listOf(
        [
          configMap('a', 1, { labels }),
          configMap('b', 1, { labels, namespace: 'hidden' }),
        ],
        9,
        { continue: 'two' },
      );
    });
    const result = await client.list(
      {
        ...CONFIG_MAPS,
        labelSelector: 'x in (y)',
        filter: {
          cluster: { id: 'c1', name: 'one', labels: {} },
          criteria: {
            not: {
              rule: 'IS_NAMESPACE',
              resourceType: 'k8s-resource',
              params: { namespaces: ['hidden'] },
            },
          },
        },
      },
      { context: contextOf() },
    );
    expect(result.items.map(({ metadata }) => metadata.name)).toEqual([
      'a',
      'c',
    ]);
    expect(result).toMatchObject({
      resourceVersion: '9',
      cache: { state: 'live' },
    });
    const [first] = server.lists(CONFIG_MAPS_PATH);
    expect(first.query.get('labelSelector')).toBe('x in (y)');
    expect(sent()).toHaveLength(4);
  });

  it('of whole kinds are few at once, and one that is given up makes room', async () => {
    const held: (() => void)[] = [];
    await start((_, response) => {
      held.push(() => {
        response.end(listOf([configMap('a', 1)], 9));
      });
    });
    const abort = new AbortController();
    const context = contextOf({ signal: abort.signal });
    const given = client.list(CONFIG_MAPS, { context });
    const lists = Array.from({ length: 6 }, () =>
      client.list(CONFIG_MAPS, { context: contextOf() }),
    );
    // As many as one cluster gets while no other is asked.
    await eventually(() => held.length === 4);
    abort.abort();
    await expect(given).rejects.toThrow();
    await eventually(() => held.length === 5);
    for (let answered = 0; answered < 7; answered += 1) {
      await eventually(() => held.length > answered);
      expect(held.length).toBeLessThanOrEqual(answered + 5);
      held[answered]();
    }
    expect(await Promise.all(lists)).toHaveLength(6);
  });

  it('take lists without versions, and no other answer without one', async () => {
    await start(({ count }) =>
      count === 0 ? NODE_METRICS_LIST : { items: [] },
    );
    const read = () =>
      client.list(NODE_METRICS_OF_C1, { context: contextOf() });
    const { items, resourceVersion } = await read();
    expect(resourceVersion).toBe('');
    expect(items).toMatchObject([
      { kind: 'NodeMetrics', usage: { cpu: '100m', memory: '1Gi' } },
    ]);
    await expect(read()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });

  it('of events keep the newest 5,000', async () => {
    const events = Array.from({ length: 5_100 }, (_, index) =>
      configMap(`event-${index}`, index + 1),
    );
    await start(() => listOf(events, 9_000));
    const { items } = await client.list(
      { ...CONFIG_MAPS, plural: 'events' },
      { context: contextOf() },
    );
    const versions = items.map(({ metadata }) =>
      Number(metadata.resourceVersion),
    );
    expect(versions).toHaveLength(5_000);
    expect(Math.min(...versions)).toBe(101);
  });

  it('of more objects than are wanted are refused, and not read on', async () => {
    await start(() =>
      listOf([configMap('a', 1), configMap('b', 1)], 9, { continue: 'two' }),
    );
    await expect(
      client.list({ ...CONFIG_MAPS, maxItems: 1 }, { context: contextOf() }),
    ).rejects.toMatchObject({ statusCode: 413 });
    expect(sent()).toHaveLength(1);
  });
});

describe('a change', () => {
  it.each(['create', 'apply', 'patch', 'delete'])(
    'whose answer is lost (%s) is not sent again',
    async verb => {
      await start((_, response) => lose(response));
      const manifest = { metadata: {} };
      const calls: Record<string, () => Promise<unknown>> = {
        create: () => client.create(REFERENCE, manifest, write()),
        apply: () => client.apply(REFERENCE, manifest, write()),
        patch: () => client.patch(REFERENCE, PATCH, write()),
        delete: () => client.delete(REFERENCE, write()),
      };
      await expect(calls[verb]()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
      expect(sent()).toHaveLength(1);
    },
  );

  it('with a field that the kind does not have is to be refused', async () => {
    await start(() => configMap('a', 1));
    await client.create(REFERENCE, { metadata: {} }, write());
    await client.patch(REFERENCE, PATCH, write());
    expect(
      server.requests.map(({ query }) => query.get('fieldValidation')),
    ).toEqual(['Strict', 'Strict']);
  });

  it.each([400, 403, 404, 405, 409, 415, 422])(
    'that creates is sent as a plain create where an apply is refused (%s)',
    async code => {
      await start(({ method }, response) =>
        method === 'PATCH' ? fail(response, code) : configMap('a', 1),
      );
      await client.create(REFERENCE, { metadata: {} }, write());
      expect(sent()).toEqual(['PATCH', 'POST']);
    },
  );

  it.each([429, 500, 503])(
    'that creates is not sent again when the API server fails (%s)',
    async code => {
      await start((_, response) => fail(response, code));
      await expect(
        client.create(REFERENCE, { metadata: {} }, write()),
      ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
      expect(sent()).toEqual(['PATCH']);
    },
  );

  it('with a marker, whose answer is lost, is looked for and answered', async () => {
    await start(({ method }, response) =>
      method === 'GET' ? marked('m') : lose(response),
    );
    const options = write({ marker: 'm', resumed: false });
    const object = await client.patch(REFERENCE, PATCH, options);
    expect(object.metadata.resourceVersion).toBe('2');
    expect(sent()).toEqual(['PATCH', 'GET']);
  });

  it('with a marker, that did not take effect, is sent once more', async () => {
    let attempts = 0;
    await start(({ method }, response) => {
      if (method === 'GET') return marked('of another request');
      attempts += 1;
      return attempts === 1 ? lose(response) : marked('m');
    });
    const options = write({ marker: 'm', resumed: false });
    await client.patch(REFERENCE, PATCH, options);
    expect(sent()).toEqual(['PATCH', 'GET', 'PATCH']);
  });

  it('that is resumed is looked for first', async () => {
    await start(() => marked('m'));
    await client.create(
      REFERENCE,
      { metadata: {} },
      write({ marker: 'm', resumed: true }),
    );
    expect(sent()).toEqual(['GET']);
  });

  it('that is resumed and deletes what is gone is done', async () => {
    await start((_, response) => fail(response, 404));
    await client.delete(REFERENCE, write({ marker: 'm', resumed: true }));
    await expect(
      client.delete(REFERENCE, write({ marker: 'm', resumed: false })),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(sent()).toEqual(['GET', 'DELETE']);
  });
});

describe('a deletion', () => {
  const DELETING = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  const remove = async (metadata: object) => {
    const object = configMap('a', 2);
    await start(() => ({
      ...object,
      metadata: { ...object.metadata, ...metadata },
    }));
    return client.remove(REFERENCE, write());
  };

  it.each([
    ['as it was', {}],
    ['without a time to wait', { ...DELETING, deletionGracePeriodSeconds: 0 }],
  ])('that is answered with the object %s is done', async (_, metadata) => {
    expect(await remove(metadata)).toEqual({ uid: 'uid-a' });
  });

  it.each([
    ['a while', { ...DELETING, deletionGracePeriodSeconds: 30 }],
    ['what only its kind knows of', DELETING],
    [
      'finalizers',
      { ...DELETING, deletionGracePeriodSeconds: 0, finalizers: ['a.b/c'] },
    ],
  ])('that waits for %s leaves the object', async (_, metadata) => {
    expect(await remove(metadata)).toEqual({
      remaining: expect.objectContaining({
        metadata: expect.objectContaining(metadata),
      }),
    });
  });

  it('that is answered with a Status is done', async () => {
    const details = { uid: 'uid-a' };
    await start(() => ({ kind: 'Status', status: 'Success', details }));
    expect(await client.remove(REFERENCE, write())).toEqual(details);
  });
});
