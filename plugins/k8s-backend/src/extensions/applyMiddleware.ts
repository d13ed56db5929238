import type { ApiMiddleware, ApiRequest } from '@backstage-k8s/plugin-k8s-node';
import type { ContractOperation } from '../router/Contract';
import type { Handlers } from '../router/Handlers';

type AnyHandler = (request: AnyRequest) => Promise<unknown>;
type AnyRequest = Pick<ApiRequest, 'path' | 'query' | 'body' | 'context'>;

/**
 * Puts the middleware of modules around every handler, the first outermost.
 *
 * @param options - `operations`: those of the contract, which tell what each handler answers
 */
export function applyMiddleware<Some extends Partial<Handlers>>(
  handlers: Some,
  options: {
    middleware: readonly ApiMiddleware[];
    operations: readonly Pick<ContractOperation, 'id' | 'method' | 'changes'>[];
  },
): Some {
  const { middleware, operations } = options;
  if (middleware.length === 0) return handlers;
  const wrapped = operations.flatMap(({ id, method, changes }) => {
    const handler = handlers[id] as unknown as AnyHandler | undefined;
    if (!handler) return [];
    const around: AnyHandler = ({ path, query, body, context }) => {
      const request: ApiRequest = {
        operation: id,
        method,
        isChange: changes,
        path,
        query,
        body,
        context,
      };
      const chain = middleware.reduceRight<() => Promise<unknown>>(
        (next, link) => () => link.handle(request, next),
        () => handler({ path, query, body, context }),
      );
      return chain();
    };
    return [[id, around] as const];
  });
  return Object.fromEntries(wrapped) as unknown as Some;
}
