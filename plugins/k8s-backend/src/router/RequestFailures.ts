/** What happens when a request is refused or fails: it is logged, audited and answered. */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { Request, Response } from 'express';
import type { AuditLog } from '../audit/AuditLog';
import { refusedIntent } from '../audit/refusedIntent';
import { answerableError, errorAnswer } from '../errors/errorAnswer';
import { failureLog } from '../errors/failureLog';
import { statusAnswer } from '../proxy/statusAnswer';
import { TIMED_OUT } from './requestTimeout';
import type { MatchedRoute } from './RouteTable';
import { sendAnswer } from './sendAnswer';

/** What is known so far of a request that is being answered. */
export interface RequestProgress {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  route?: MatchedRoute;
  context?: RequestContext;
  body?: unknown;
}

/** Of a refused body. */
const MAX_DROPPED_BYTES = 256 * 1024;

/**
 * Whether a body may be left to Node, which reads and drops what follows. A connection that is closed while something comes is
 * reset, and the caller may not see the answer then.
 */
function isSmall({ headers }: Request): boolean {
  return Number(headers['content-length']) <= MAX_DROPPED_BYTES;
}

/** Answers requests that are refused or fail. */
export class RequestFailures {
  constructor(
    private readonly options: { audit: AuditLog; logger: LoggerService },
  ) {}

  /** Answers what was thrown; once an answer has begun, the connection ends. */
  async send(
    response: Response,
    progress: RequestProgress,
    thrown: unknown,
  ): Promise<void> {
    const answer = await this.answer(progress, thrown);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!response.req.complete && !isSmall(response.req)) {
      // What is left of a refused body is not waited for.
      response.setHeader('Connection', 'close');
    }
    sendAnswer(response, answer);
  }

  /** Logs and audits what went wrong, and says how it is answered. */
  async answer(progress: RequestProgress, thrown: unknown) {
    const { logger, audit } = this.options;
    const { context, route } = progress;
    const error = answerableError(
      context?.signal.aborted && context.signal.reason === TIMED_OUT
        ? TIMED_OUT
        : thrown,
    );
    const answer = errorAnswer(error, progress);
    const operation = route?.operation.id;
    if (answer.status >= 500) {
      logger.error('Request failed', {
        requestId: progress.id,
        status: answer.status,
        ...(operation && { operation }),
        ...failureLog(thrown),
      });
    }
    if (answer.status < 500 && context && route && !context.audit.recorded) {
      const intent = refusedIntent({
        operation: route.operation.id,
        path: route.path,
        body: progress.body,
      });
      if (intent) await audit.refused(intent, context, error);
    }
    return route?.operation.speaksKubernetes
      ? { ...answer, body: { ...statusAnswer(answer) } }
      : answer;
  }
}
