import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { RequestContext } from '../resources/RequestContext';

/** A request of the REST API after its caller is known and it was checked against the contract. @public */
export interface ApiRequest {
  /** `operationId` of the OpenAPI document. */
  readonly operation: string;
  readonly method: string;
  /**
   * Whether it can change something: every POST, PUT, PATCH and DELETE, terminals too, but those that the document marks by
   * `x-reads`.
   */
  readonly isChange: boolean;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly context: RequestContext;
}

/**
 * A link of the chain around every request.
 *
 * @public
 */
export interface ApiMiddleware {
  /** Unique; told in logs. */
  readonly name: string;
  /**
   * Calls `next` once for the answer, or refuses by throwing an error of `@backstage/errors`, whose message is shown. The answer
   * belongs to the contract and is passed on as it is.
   */
  handle<Answer>(
    request: ApiRequest,
    next: () => Promise<Answer>,
  ): Promise<Answer>;
}

/** Where modules add middleware. @public */
export interface ApiMiddlewareExtensionPoint {
  /** The first that is added is the outermost. */
  addMiddleware(middleware: ApiMiddleware): void;
}

/** Where modules add middleware. @public */
export const k8sApiMiddlewareExtensionPoint =
  createExtensionPoint<ApiMiddlewareExtensionPoint>({
    id: 'k8s.api-middleware',
  });
