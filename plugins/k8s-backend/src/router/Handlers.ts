import type { operations } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { Download } from './Download';
import type { PreparedJson } from './PreparedJson';

/** Name of an operation of the OpenAPI document. */
export type OperationId = keyof operations;

type Parameters<Id extends OperationId> = operations[Id]['parameters'];
type Json<Content> = Content extends { 'application/json': infer Body }
  ? Body | (Content extends { 'text/plain': unknown } ? Download : never)
  : Content extends { 'text/event-stream': unknown }
  ? EventStream
  : never;

/** A validated request, as its operation describes it. */
export interface HandlerRequest<Id extends OperationId> {
  context: RequestContext;
  path: Parameters<Id> extends { path: infer Path } ? Path : {};
  /** Defaults of the document are filled in. */
  query: Parameters<Id> extends { query?: infer Query }
    ? [NonNullable<Query>] extends [never]
      ? {}
      : NonNullable<Query>
    : {};
  body: operations[Id] extends { requestBody: { content: infer Content } }
    ? Json<Content>
    : undefined;
}

/** Operations whose answers come over ready from where the rows are. */
type PreparedOperation =
  | 'getDeployment'
  | 'getView'
  | 'listDeployments'
  | 'listNamespaces'
  | 'listResources'
  | 'listResourcesOfClusters'
  | 'listServiceDeployments'
  | 'searchObjects';

/** What an operation answers with status 200, as its callers read it. */
export type OperationAnswer<Id extends OperationId> = operations[Id] extends {
  responses: { 200: { content: infer Content } };
}
  ? Json<Content>
  : never;

/** What an operation answers with status 200. */
export type HandlerResult<Id extends OperationId> = Id extends PreparedOperation
  ? PreparedJson
  : OperationAnswer<Id>;

/** Answers one operation. */
export type Handler<Id extends OperationId> = (
  request: HandlerRequest<Id>,
) => Promise<HandlerResult<Id>>;

/** One handler per operation of the document; each area gives its own (`Pick<Handlers, …>`). */
export type Handlers = { [Id in OperationId]: Handler<Id> };

/** Server-sent events, in order; ends the answer when it ends. */
export interface EventStream {
  events: AsyncIterable<{ event: string; id?: string; data: unknown }>;
}
