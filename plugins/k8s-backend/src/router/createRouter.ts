/**
 * The router, made from the contract. What happens to a request, in this order:
 *
 * 1. credentials, before anything of the request is looked at; a token comes in the `Authorization` header and nowhere else
 * 2. path, method, query
 * 3. body, bounded, then everything against the contract
 * 4. idempotency
 * 5. the operation's handler
 *
 * Headers besides these are never read, so none can impersonate, forward or override anything.
 */
import { createHash, randomUUID } from 'node:crypto';
import type {
  AuthService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { Router } from 'express';
import type { Request, Response } from 'express';
import type { AuditLog } from '../audit/AuditLog';
import { statusOf, SUCCESS_STATUS } from '../errors/statusErrors';
import type {
  IdempotencyKeys,
  StoredAnswer,
} from '../idempotency/IdempotencyKeys';
import { sendEventStream } from '../streams/sendEventStream';
import type { Contract } from './Contract';
import { ContractValidator } from './ContractValidator';
import { Download, sendDownload } from './Download';
import type { EventStream, Handlers } from './Handlers';
import { PreparedJson } from './PreparedJson';
import { principalOf } from './principalOf';
import { isProvisional } from './provisional';
import { hasBody, MERGE_PATCH_TYPE, readBody } from './readBody';
import { readQuery } from './readQuery';
import { RequestFailures } from './RequestFailures';
import type { RequestProgress } from './RequestFailures';
import { meaningOf, timedOut, TIMED_OUT } from './requestTimeout';
import { RouteTable } from './RouteTable';
import type { MatchedRoute } from './RouteTable';
import { sendAnswer } from './sendAnswer';

/** What the router works with. */
export interface RouterOptions {
  contract: Contract;
  handlers: Handlers;
  auth: AuthService;
  httpAuth: HttpAuthService;
  audit: AuditLog;
  idempotency: IdempotencyKeys;
  logger: LoggerService;
  /** Until a request is given up; streams have no limit. */
  requestTimeoutMs: number;
  /** Whether an answer that the contract does not allow is a 500; costs time. */
  validateAnswers: boolean;
}

type UntypedHandler = (request: {
  context: RequestContext;
  path: unknown;
  query: unknown;
  body: unknown;
}) => Promise<unknown>;

const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** Backstage's own routes below a plugin's path. */
const BACKSTAGE_ROUTES = '/.well-known/';

function splitUrl(url: string): string {
  return url.split('?', 1)[0];
}

/** @throws Error when an operation has no handler */
function checkHandlers(options: RouterOptions) {
  const missing = options.contract.operations
    .map(({ id }) => id)
    .filter(id => !options.handlers[id]);
  if (missing.length > 0) {
    throw new Error(`No handler answers ${missing.join(', ')}`);
  }
}

class ContractRouter {
  private readonly routes: RouteTable;
  private readonly validator: ContractValidator;
  private readonly failures: RequestFailures;

  constructor(private readonly options: RouterOptions) {
    checkHandlers(options);
    this.routes = new RouteTable(options.contract.operations);
    this.validator = new ContractValidator(options.contract);
    this.failures = new RequestFailures(options);
  }

  async handle(request: Request, response: Response): Promise<void> {
    const progress: RequestProgress = {
      id: randomUUID(),
      method: request.method,
      path: splitUrl(request.url),
    };
    response.setHeader('X-Request-Id', progress.id);
    const abort = new AbortController();
    const timer = setTimeout(
      () => abort.abort(TIMED_OUT),
      this.options.requestTimeoutMs,
    );
    try {
      // What works for the request is told by the signal; what does not listen, as a database that hangs, is not waited for.
      const answer = await Promise.race([
        this.work(request, response, { progress, abort }),
        timedOut(abort.signal),
      ]);
      if (progress.route?.operation.answerPointer === undefined) {
        clearTimeout(timer);
        const { cutOff } = await sendEventStream(
          response,
          answer.body as EventStream,
        );
        if (cutOff) {
          this.options.logger.info('A slow reader of a stream was cut off', {
            requestId: progress.id,
          });
        }
      } else if (answer.body instanceof Download) {
        clearTimeout(timer);
        await sendDownload(response, answer.body);
      } else {
        sendAnswer(response, answer);
      }
    } catch (thrown) {
      await this.failures.send(response, progress, thrown);
    } finally {
      clearTimeout(timer);
      abort.abort(new Error('The request has ended'));
    }
  }

  private async work(
    request: Request,
    response: Response,
    options: { progress: RequestProgress; abort: AbortController },
  ): Promise<StoredAnswer> {
    const { progress, abort } = options;
    const context = await this.authenticate(request, progress, abort.signal);
    const route = this.routes.match(progress.method, progress.path);
    const isStream = route.operation.answerPointer === undefined;
    // A change goes on when its caller is gone: half of it would be worse, and a repeated request gets its answer.
    if (isStream || progress.method === 'GET') {
      response.once('close', () => abort.abort(new Error('The caller left')));
    }
    return this.answer(request, progress, { route, context });
  }

  private async authenticate(
    request: Request,
    progress: RequestProgress,
    signal: AbortSignal,
  ): Promise<RequestContext> {
    const { auth, httpAuth } = this.options;
    const context = {
      requestId: progress.id,
      signal,
      audit: { recorded: false },
    };
    try {
      progress.route = this.routes.match(progress.method, progress.path);
    } catch {
      // Thrown again where it is answered: whoever has no token learns nothing of which routes there are.
      progress.route = this.routes.resembling(progress.method, progress.path);
    }
    try {
      const credentials = await httpAuth.credentials(request, {
        allow: ['user', 'service'],
      });
      const principal = principalOf(auth, credentials);
      progress.context = { ...context, credentials, principal };
      return progress.context;
    } catch (error) {
      const credentials = await auth.getNoneCredentials();
      const principal = principalOf(auth, credentials);
      progress.context = { ...context, credentials, principal };
      if (statusOf(error as Error) === undefined) throw error;
      throw new AuthenticationError(
        'This needs a valid Backstage token in the Authorization header',
      );
    }
  }

  private async answer(
    request: Request,
    progress: RequestProgress,
    matched: { route: MatchedRoute; context: RequestContext },
  ): Promise<StoredAnswer> {
    const { route, context } = matched;
    const { operation } = route;
    const query = this.validator.parameters(
      operation,
      'query',
      readQuery(request.url),
    );
    const key = request.header(IDEMPOTENCY_KEY);
    this.validator.parameters(
      operation,
      'header',
      key === undefined ? {} : { [IDEMPOTENCY_KEY]: key },
    );
    if (!operation.body && hasBody(request)) {
      throw new InputError('This route takes no body');
    }
    progress.body = await readBody(request, {
      limit: operation.bodyLimit,
      ...(operation.speaksKubernetes &&
        operation.method === 'PATCH' && { mediaType: MERGE_PATCH_TYPE }),
    });
    const path = this.validator.parameters(operation, 'path', route.path);
    // Before defaults are filled in, so that a newer version with other defaults sees the same request.
    const fingerprint = createHash('sha256')
      .update(
        JSON.stringify([operation.id, path, query, progress.body ?? null]),
      )
      .digest('hex');
    const body = this.validator.body(operation, progress.body);

    const handler = this.options.handlers[
      operation.id
    ] as unknown as UntypedHandler;
    const work = async (worker: RequestContext): Promise<StoredAnswer> => {
      const result = await handler({ context: worker, path, query, body });
      if (this.options.validateAnswers && !(result instanceof Download)) {
        this.validator.answer(
          operation,
          result instanceof PreparedJson ? result.parse() : result,
        );
      }
      return {
        status: SUCCESS_STATUS,
        body: result,
        ...(isProvisional(result) && { isProvisional: true }),
      };
    };
    // A dry run has no effect that could happen twice, and its answer is of the moment.
    if (key === undefined || !operation.idempotent || query.dryRun === true) {
      return work(context);
    }
    return this.options.idempotency.run(
      { key, fingerprint },
      context,
      async worker => {
        try {
          return await work(worker);
        } catch (thrown) {
          return this.failures.answer(
            progress,
            meaningOf(thrown, worker.signal),
          );
        }
      },
    );
  }
}

/**
 * The router of the plugin.
 *
 * @throws Error when an operation of the contract has no handler
 */
export function createRouter(options: RouterOptions): Router {
  const contractRouter = new ContractRouter(options);
  const router = Router();
  router.use((request, response, next) => {
    if (request.path.startsWith(BACKSTAGE_ROUTES)) {
      next();
      return;
    }
    contractRouter.handle(request, response).catch(next);
  });
  return router;
}
