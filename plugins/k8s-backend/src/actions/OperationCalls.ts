/**
 * Calls operations of the contract from inside of the back end, as somebody: what comes by the actions registry is checked, refused and
 * audited as what comes by HTTP. A call is no more than the request that it stands for.
 */
import { randomUUID } from 'node:crypto';
import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AuditLog } from '../audit/AuditLog';
import { refusedIntent } from '../audit/refusedIntent';
import { answerableError, errorAnswer } from '../errors/errorAnswer';
import { failureLog } from '../errors/failureLog';
import type { Contract, ContractOperation } from '../router/Contract';
import { ContractValidator } from '../router/ContractValidator';
import type {
  HandlerRequest,
  Handlers,
  OperationAnswer,
  OperationId,
} from '../router/Handlers';
import { PreparedJson } from '../router/PreparedJson';
import { principalOf } from '../router/principalOf';
import { RouteTable } from '../router/RouteTable';

/** What an operation is asked for, before anything of it is checked. */
export type OperationRequest<Id extends OperationId> = {
  path?: { [Name in keyof HandlerRequest<Id>['path']]: string };
  /** What is undefined is left out. */
  query?: Partial<HandlerRequest<Id>['query']>;
  body?: HandlerRequest<Id>['body'];
};

/** What the calls work with. */
export interface OperationCallsOptions {
  contract: Contract;
  handlers: Handlers;
  auth: AuthService;
  audit: AuditLog;
  logger: LoggerService;
  /** Until a call is given up. */
  timeoutMs: number;
}

type UntypedHandler = (request: {
  context: RequestContext;
  path: unknown;
  query: unknown;
  body: unknown;
}) => Promise<unknown>;

/** What is being answered, without types. */
interface Asked {
  path: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
}

const TIMED_OUT = new ServiceUnavailableError(
  'The request took too long and was given up',
);
/** How an error names where it happened; there is no HTTP method. */
const METHOD = 'ACTION';

/** The path of a request with its values in it. */
function filledPath({ path }: ContractOperation, asked: Asked): string {
  return path.replace(/\{([^}]+)\}/g, (_, name) => asked.path[name] ?? '');
}

/** Values of a query as texts, as they come by HTTP. */
function textsOf(query: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(
    given.map(([name, value]) => [name, String(value)]),
  );
}

/** Calls operations as somebody. */
export class OperationCalls {
  private readonly routes: RouteTable;
  // Built when the first action is called: most portals have no assistant, and building it takes part of a second.
  private validator: ContractValidator | undefined;

  constructor(private readonly options: OperationCallsOptions) {
    this.routes = new RouteTable(options.contract.operations);
  }

  /**
   * Answers an operation as the owner of the credentials.
   *
   * @throws what the operation refuses, without secrets; an Error that names the request in the log when something is broken
   */
  async call<Id extends OperationId>(
    id: Id,
    request: OperationRequest<Id>,
    credentials: BackstageCredentials,
  ): Promise<OperationAnswer<Id>> {
    const operation = this.options.contract.operations.find(
      candidate => candidate.id === id,
    )!;
    const asked: Asked = {
      path: request.path ?? {},
      query: request.query ?? {},
      body: request.body,
    };
    const abort = new AbortController();
    const timer = setTimeout(
      () => abort.abort(TIMED_OUT),
      this.options.timeoutMs,
    );
    const context: RequestContext = {
      credentials,
      principal: principalOf(this.options.auth, credentials),
      requestId: randomUUID(),
      signal: abort.signal,
      audit: { recorded: false },
    };
    try {
      const answer = await this.answer(operation, asked, context);
      return (
        answer instanceof PreparedJson ? answer.parse() : answer
      ) as OperationAnswer<Id>;
    } catch (thrown) {
      throw await this.errorOf(thrown, { operation, asked, context });
    } finally {
      clearTimeout(timer);
      abort.abort(new Error('The call has ended'));
    }
  }

  private async answer(
    operation: ContractOperation,
    asked: Asked,
    context: RequestContext,
  ): Promise<unknown> {
    if (context.principal.type === 'anonymous') {
      throw new AuthenticationError('This needs a Backstage user or service');
    }
    this.validator ??= new ContractValidator(this.options.contract);
    const { validator } = this;
    const route = this.routes.match(
      operation.method,
      filledPath(operation, asked),
    );
    // A slash in a value would lead to another operation.
    if (route.operation.id !== operation.id) {
      throw new InputError('A name holds what no name may hold');
    }
    const path = validator.parameters(operation, 'path', route.path);
    const query = validator.parameters(
      operation,
      'query',
      textsOf(asked.query),
    );
    const body = validator.body(operation, asked.body);
    const handler = this.options.handlers[
      operation.id
    ] as unknown as UntypedHandler;
    return handler({ context, path, query, body });
  }

  private async errorOf(
    thrown: unknown,
    call: {
      operation: ContractOperation;
      asked: Asked;
      context: RequestContext;
    },
  ): Promise<Error> {
    const { audit, logger } = this.options;
    const { operation, asked, context } = call;
    const error = answerableError(
      context.signal.reason === TIMED_OUT ? TIMED_OUT : thrown,
    );
    const { body, status } = errorAnswer(error, {
      id: context.requestId,
      method: METHOD,
    });
    if (status >= 500) {
      logger.error('An action failed', {
        requestId: context.requestId,
        operation: operation.id,
        status,
        ...failureLog(thrown),
      });
    } else if (!context.audit.recorded) {
      const intent = refusedIntent({ operation: operation.id, ...asked });
      if (intent) await audit.refused(intent, context, error);
    }
    const { message, name } = body.error;
    // The class decides the status that Backstage answers with; the words are those that are free of secrets.
    return Object.assign(new Error(message), { name, statusCode: status });
  }
}
