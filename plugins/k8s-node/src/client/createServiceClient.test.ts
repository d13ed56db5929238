import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { startTestBackend } from '@backstage/backend-test-utils';
import {
  NotAllowedError,
  NotFoundError,
  ResponseError,
} from '@backstage/errors';
import type { ServerResponse } from 'node:http';
import { suiteStandIn } from '../testUtils';
import { createServiceClient, isNotFoundAnswer } from '.';

// A back end takes seconds to start on a busy machine.
jest.setTimeout(60_000);

/** The suite's back end as its handler has it, and the services of another plugin. */
async function start(
  handle: (
    path: string | undefined,
    response: ServerResponse,
  ) => Promise<void> | void,
) {
  let services: { auth: AuthService; discovery: DiscoveryService } | undefined;
  const suite = suiteStandIn((request, response) =>
    handle(request.url, response),
  );
  const asker = createBackendPlugin({
    pluginId: 'asker',
    register(registration) {
      registration.registerInit({
        deps: { auth: coreServices.auth, discovery: coreServices.discovery },
        async init(deps) {
          services = deps;
        },
      });
    },
  });
  const backend = await startTestBackend({ features: [suite.feature, asker] });
  if (!services) throw new Error('The other plugin has not started');
  const { subjects } = suite;
  return { services, subjects, stop: () => backend.stop() };
}

describe('createServiceClient', () => {
  it('asks as the plugin that it is made in', async () => {
    const { services, subjects, stop } = await start((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"clusters":[{"id":"c1"}]}');
    });
    const client = await createServiceClient(services);
    const { data } = await client.GET('/clusters');
    expect(data?.clusters.map(({ id }) => id)).toEqual(['c1']);
    expect([...subjects]).toEqual(['plugin:asker']);
    await stop();
  });

  it('throws what is refused, and tells what is not there from the rest', async () => {
    const { services, stop } = await start(path => {
      if (path?.endsWith('/gone')) throw new NotFoundError('No such cluster');
      throw new NotAllowedError('Not for you');
    });
    const client = await createServiceClient(services);
    const ask = (id: string) =>
      client.GET('/clusters/{id}', { params: { path: { id } } }).then(
        () => undefined,
        error => error,
      );
    const gone = await ask('gone');
    expect(gone).toBeInstanceOf(ResponseError);
    expect(isNotFoundAnswer(gone)).toBe(true);
    const refused = await ask('other');
    expect(refused).toBeInstanceOf(ResponseError);
    expect(isNotFoundAnswer(refused)).toBe(false);
    expect(isNotFoundAnswer(new Error('NotFoundError'))).toBe(false);
    await stop();
  });

  it('waits for an answer as long as it is told to', async () => {
    const { services, stop } = await start(() => new Promise(() => {}));
    const client = await createServiceClient({ ...services, timeoutMs: 50 });
    await expect(client.GET('/clusters')).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await stop();
  });

  it('waits no longer than its caller', async () => {
    const leave = new AbortController();
    const { services, stop } = await start(() => {
      leave.abort();
      return new Promise(() => {});
    });
    const client = await createServiceClient({ ...services, timeoutMs: 5_000 });
    await expect(
      client.GET('/clusters', { signal: leave.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    await stop();
  });
});
