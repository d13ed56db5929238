import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { selectClusters } from '../access/selectClusters';
import type {
  RegisteredReference,
  VisibleClusters,
} from '../access/VisibleClusters';
import { timeoutSignal } from '../connection/timeoutSignal';
import { untilAborted } from '../connection/untilAborted';
import { answerableError, errorAnswer } from '../errors/errorAnswer';
import { failureLog } from '../errors/failureLog';
import { SUCCESS_STATUS } from '../errors/statusErrors';
import type { IdempotencyKeys } from '../idempotency/IdempotencyKeys';
import { isFinalStatus } from '../idempotency/isFinalStatus';
import { provisional } from '../router/provisional';
import { meaningOf } from '../router/requestTimeout';
import { inSlots } from './inSlots';

/** Clusters that are asked at once, for one request. */
const SLOTS = 8;
/** Milliseconds after which a cluster no longer keeps the next one waiting. */
const PATIENCE_MS = 1_000;
/** Milliseconds until a cluster is given up; a change that was sent may take its time, somebody waits for a plan or an object. */
const LIMIT_MS = { answer: 5_000, change: 15_000 };

/** Of a cluster that does not have the object: nobody was refused anything. */
const NOT_FOUND = 404;

type Problem = Schema<'ChangeOfClusters'>['errors'][number];

/** What came of the work on each cluster, both by the name of the cluster. */
export interface AnswerOfClusters<Result extends object> {
  items: (Result & { cluster: Problem['cluster'] })[];
  errors: Problem[];
}

/** The work on one cluster. */
interface ClusterWork<Result extends object> {
  work(cluster: RegisteredReference, context: RequestContext): Promise<Result>;
  /** Told what was refused and is in no audit yet. */
  onRefused?(
    cluster: RegisteredReference,
    options: { error: Error; context: RequestContext },
  ): Promise<void>;
}
type Outcome<Result extends object> =
  | AnswerOfClusters<Result>['items'][number]
  | Problem;

/** Reads or changes the same on many clusters: one that refuses, fails or is away is told of as such, and holds up no other. */
export class ClusterFanOut {
  constructor(
    private readonly options: {
      clusters: VisibleClusters;
      idempotency: IdempotencyKeys;
      logger: LoggerService;
    },
  ) {}

  /**
   * A change, or its plan.
   *
   * @param options - `selector`: which clusters, by their labels, `name` and `id`
   * @throws InputError when the selector is none, NotFoundError when it selects nothing that the caller may see
   */
  async change(
    options: Required<ClusterWork<Schema<'ResourceChange'>>> & {
      selector: string;
      context: RequestContext;
      dryRun: boolean;
    },
  ): Promise<Schema<'ChangeOfClusters'>> {
    const answer = await this.each(options);
    return answer.errors.every(({ status }) => isFinalStatus(status))
      ? answer
      : provisional(answer);
  }

  /** What each cluster says; otherwise as {@link change}. */
  read<Result extends object>(options: {
    selector: string;
    context: RequestContext;
    work: ClusterWork<Result>['work'];
  }): Promise<AnswerOfClusters<Result>> {
    return this.each({ ...options, dryRun: true });
  }

  private async each<Result extends object>(
    options: ClusterWork<Result> & {
      selector: string;
      context: RequestContext;
      dryRun: boolean;
    },
  ): Promise<AnswerOfClusters<Result>> {
    const { context } = options;
    const clusters = await selectClusters(this.options.clusters, options);
    if (clusters.length === 0) {
      throw new NotFoundError(
        'No cluster is selected: `cluster` matches none that you may see',
      );
    }
    const outcomes = await inSlots(clusters, {
      ...{ slots: SLOTS, patienceMs: PATIENCE_MS },
      work: cluster => this.one(cluster, options),
    });
    context.signal.throwIfAborted();
    return {
      items: outcomes.flatMap(outcome => ('error' in outcome ? [] : [outcome])),
      errors: outcomes.flatMap(outcome =>
        'error' in outcome ? [outcome] : [],
      ),
    };
  }

  /**
   * One cluster, under a claim of its own where the request has a key: what has come to an end there is answered when the request is
   * sent again, and not done again.
   */
  private async one<Result extends object>(
    cluster: RegisteredReference,
    options: ClusterWork<Result> & { context: RequestContext; dryRun: boolean },
  ): Promise<Outcome<Result>> {
    const { dryRun } = options;
    const limitMs = dryRun ? LIMIT_MS.answer : LIMIT_MS.change;
    const context: RequestContext = {
      ...options.context,
      signal: AbortSignal.any([options.context.signal, timeoutSignal(limitMs)]),
      // What is refused on one cluster is not recorded by what was done on another.
      audit: { recorded: false },
    };
    const act = (worker: RequestContext) =>
      this.outcome(cluster, { ...options, context: worker });
    const { idempotency } = context;
    if (!idempotency || dryRun) return act(context);
    try {
      const { marker } = idempotency;
      const { body } = await this.options.idempotency.run(
        { key: `${marker} ${cluster.id}`, fingerprint: marker },
        context,
        async worker => {
          const outcome = await act(worker);
          const status = 'error' in outcome ? outcome.status : SUCCESS_STATUS;
          return { status, body: outcome };
        },
      );
      return body as Outcome<Result>;
    } catch (thrown) {
      return this.problem(cluster, { ...options, context, thrown });
    }
  }

  private async outcome<Result extends object>(
    cluster: RegisteredReference,
    options: ClusterWork<Result> & { context: RequestContext },
  ): Promise<Outcome<Result>> {
    const { id, name } = cluster;
    const { context, work } = options;
    try {
      const result = await untilAborted(work(cluster, context), context.signal);
      return { cluster: { id, name }, ...result };
    } catch (thrown) {
      return this.problem(cluster, { ...options, thrown });
    }
  }

  private async problem(
    cluster: RegisteredReference,
    options: Pick<ClusterWork<object>, 'onRefused'> & {
      context: RequestContext;
      thrown: unknown;
    },
  ): Promise<Problem> {
    const { id, name } = cluster;
    const { context, thrown } = options;
    const error = answerableError(meaningOf(thrown, context.signal));
    const { status, body } = errorAnswer(error, {
      id: context.requestId,
      method: '',
    });
    if (status >= 500) {
      this.options.logger.warn('A cluster did not answer with the others', {
        cluster: id,
        requestId: context.requestId,
        ...failureLog(thrown),
      });
    } else if (status !== NOT_FOUND && !context.audit.recorded) {
      await options.onRefused?.(cluster, { error, context });
    }
    return { cluster: { id, name }, error: body.error.message, status };
  }
}
