import { ServiceUnavailableError } from '@backstage/errors';
import { contextOf } from '../cache/__testUtils__/objects';
import type { HealthAudience } from '../health/HealthMonitor';
import { clusterHandlers } from './clusterHandlers';
import type { ClusterHandlersOptions } from './clusterHandlers';

const COUNTED = '1 of 2 nodes are not ready';
const NAMED = `${COUNTED}: node-a`;

function setUp(allowsAll: () => Promise<boolean>) {
  const answer = async ({ mayNameNodes }: HealthAudience) => ({
    status: 'degraded',
    history: [],
    components: [{ message: (await mayNameNodes?.()) ? NAMED : COUNTED }],
  });
  const guard = { allowsAll: jest.fn(allowsAll) };
  const handlers = clusterHandlers({
    directory: { get: async () => ({}) },
    health: {
      get: (_: string, audience: HealthAudience) => answer(audience),
      check: (_: string, audience: HealthAudience) => answer(audience),
    },
    guard,
  } as unknown as ClusterHandlersOptions);
  const context = contextOf();
  const request = { path: { id: 'c1' }, query: {}, body: undefined, context };
  return {
    guard,
    context,
    messages: async () => {
      const answers = [
        await handlers.getClusterHealth(request),
        await handlers.checkClusterHealth(request),
      ];
      return answers.map(({ components }) => components[0].message);
    },
  };
}

describe('health', () => {
  it('names nodes to who may list them', async () => {
    const { messages, guard, context } = setUp(async () => true);
    expect(await messages()).toEqual([NAMED, NAMED]);
    expect(guard.allowsAll).toHaveBeenCalledWith(
      expect.objectContaining({ cluster: 'c1', group: '', plural: 'nodes' }),
      context,
    );
  });

  it.each<[string, () => Promise<boolean>]>([
    ['may not', async () => false],
    [
      'cannot be asked about',
      async () => {
        throw new ServiceUnavailableError('away');
      },
    ],
    ['is not answered about', () => new Promise(() => {})],
  ])('only counts them for who %s', async (_, allowsAll) => {
    const { messages } = setUp(allowsAll);
    expect(await messages()).toEqual([COUNTED, COUNTED]);
  });
});
