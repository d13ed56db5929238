import { requestContext } from '../router/__testUtils__/requestContext';
import { loadContract } from '../router/Contract';
import type { Handlers } from '../router/Handlers';
import { applyMiddleware } from './applyMiddleware';

const { operations } = loadContract();

/** What changes nothing though it is no GET: it has a body, or opens a stream. */
const READS = [
  'checkClusterAccess',
  'openLogStream',
  'openStream',
  'reviewAccess',
];
/** A change whose answer is of no use twice. */
const WITHOUT_KEY = ['createTerminal'];

describe('applyMiddleware', () => {
  it.each(operations.map(({ id, method }) => [method, id] as const))(
    'tells middleware whether %s (%s) is a change',
    async (method, id) => {
      const told: boolean[] = [];
      const handler = jest.fn(async () => ({}));
      const wrapped = applyMiddleware(
        { [id]: handler } as unknown as Handlers,
        {
          operations,
          middleware: [
            {
              name: 'listening',
              handle: (request, next) => {
                told.push(request.isChange);
                return next();
              },
            },
          ],
        },
      );
      await (wrapped[id] as unknown as (request: object) => Promise<unknown>)({
        ...{ path: {}, query: {}, body: undefined },
        context: requestContext(),
      });
      expect(handler).toHaveBeenCalledTimes(1);
      expect(told).toEqual([method !== 'GET' && !READS.includes(id)]);
    },
  );

  it('knows of every change by its method, not by the key that it takes', () => {
    const changes = operations.filter(operation => operation.changes);
    const others = operations.filter(operation => !operation.changes);
    expect(
      changes.filter(({ idempotent }) => !idempotent).map(({ id }) => id),
    ).toEqual(WITHOUT_KEY);
    expect(others.filter(({ idempotent }) => idempotent)).toEqual([]);
    expect(
      others
        .filter(({ method }) => method !== 'GET')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(READS);
  });
});
