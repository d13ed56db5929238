/**
 * Streams of changes for browsers: all subscriptions of one browser come over one answer. Which rights its reader has is
 * looked at again every few seconds, and a stream never outlives the token that opened it.
 */
import { setMaxListeners } from 'node:events';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { failureLog } from '../errors/failureLog';
import { OUTAGE_MS } from '../access/DecisionMemory';
import type { Handlers } from '../router/Handlers';
import type { StreamMessage } from './ChangeBuffer';
import { within } from '../workloads/within';
import { Outbox } from './Outbox';
import { RunningSubscription } from './RunningSubscription';
import type { StreamAccess } from './StreamAccess';
import { StreamLimits } from './StreamLimits';
import type { Subscription, TopicSource } from './TopicSource';

/**
 * Milliseconds from the beginning of one look at a reader's rights to the next. Each asks anew, so that a stream ends within ten
 * seconds of the loss, with two of them for the answer; asking more often is what a thousand open pages would cost most.
 */
const RECHECK_MS = 8_000;
/** Milliseconds until a look that failed is done again, and the least between two: what is too slow is not asked the more for it. */
const SECOND_LOOK_MS = 2_000;
/** Milliseconds that a look may take; longer is a failed one. */
const LONGEST_LOOK_MS = 5_000;
/** Rights of streams are looked at here, and not by each layer. */
const NOW_AND_THEN = { since: -Infinity };
/** Milliseconds; longer timers fire at once in Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What the handlers of streams work with. */
export interface StreamHandlersOptions {
  topics: Readonly<Record<Subscription['topic'], TopicSource>>;
  access: StreamAccess;
  logger: LoggerService;
  /** Aborted when the process ends. */
  shutdown: AbortSignal;
}

const NEEDS_CLUSTER: Subscription['topic'][] = [
  'health',
  'nodes',
  'events',
  'namespaces',
  'deployments',
  'rollouts',
  'resources',
];

/** @throws InputError */
function checkSubscriptions(subscriptions: readonly Subscription[]) {
  const ids = new Set(subscriptions.map(({ id }) => id));
  if (ids.size < subscriptions.length) {
    throw new InputError('Two subscriptions have the same id');
  }
  for (const { topic, cluster, entity } of subscriptions) {
    if (NEEDS_CLUSTER.includes(topic) && cluster === undefined) {
      throw new InputError(`A subscription to ${topic} needs the cluster`);
    }
    if (topic === 'service' && entity === undefined) {
      throw new InputError('A subscription to service needs the entity');
    }
  }
}

/** Checks which may be opened; one that may not does not keep the others from it. */
async function admit(running: RunningSubscription[]): Promise<void> {
  const results = await Promise.allSettled(running.map(one => one.admit()));
  const failures = results.flatMap(result =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (failures.length === running.length) throw failures[0];
  results.forEach((result, index) => {
    if (result.status === 'rejected') running[index].close();
  });
}

function startRechecks(
  running: RunningSubscription[],
  options: { outbox: Outbox; logger: LoggerService },
): () => void {
  const { outbox, logger } = options;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let knownAt = performance.now();
  const look = async (): Promise<boolean> => {
    const start = performance.now();
    try {
      const looks = Promise.all(running.map(one => one.recheck(start)));
      if (!(await within(looks, LONGEST_LOOK_MS))) {
        throw new Error('There is no answer in time');
      }
      knownAt = start;
      return true;
    } catch (error) {
      // Like every read, a stream goes on for a while when a right cannot be asked for.
      logger.warn('What the reader of a stream may see cannot be known', {
        ...failureLog(error),
      });
      return false;
    }
  };
  const lookAgain = (inMs: number) => {
    if (isStopped) return;
    const next = async () => {
      const nextAt = performance.now() + RECHECK_MS;
      const isKnown = await look();
      const leftMs = isKnown ? nextAt - performance.now() : 0;
      if (running.every(({ closed }) => closed)) outbox.end('nothingLeft');
      else if (performance.now() - knownAt >= OUTAGE_MS) {
        outbox.end('accessUnknown');
      } else lookAgain(Math.max(leftMs, SECOND_LOOK_MS));
    };
    timer = setTimeout(() => void next(), inMs);
  };
  lookAgain(RECHECK_MS);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

function startExpiry(context: RequestContext, outbox: Outbox): () => void {
  const { expiresAt } = context.credentials;
  if (!expiresAt) return () => undefined;
  const left = Math.min(expiresAt.getTime() - Date.now(), LONGEST_TIMER_MS);
  const timer = setTimeout(() => outbox.end('tokenExpired'), Math.max(left, 0));
  return () => clearTimeout(timer);
}

/** Opens streams. */
export function streamHandlers(
  options: StreamHandlersOptions,
): Pick<Handlers, 'openStream'> {
  const { topics, access, logger, shutdown } = options;
  const limits = new StreamLimits();
  // One listener an open stream, and one a subscription.
  setMaxListeners(0, shutdown);

  async function* read(
    running: RunningSubscription[],
    stream: { outbox: Outbox; context: RequestContext; end: () => void },
  ): AsyncGenerator<StreamMessage> {
    const { outbox, context, end } = stream;
    const onShutdown = () => outbox.end('shutdown');
    shutdown.addEventListener('abort', onShutdown, { once: true });
    const stopRechecks = startRechecks(running, { outbox, logger });
    const stopExpiry = startExpiry(context, outbox);
    for (const one of running) {
      one.run().catch(error => {
        logger.error('A subscription ended', failureLog(error));
      });
    }
    try {
      if (shutdown.aborted) onShutdown();
      yield* outbox.messages();
    } finally {
      shutdown.removeEventListener('abort', onShutdown);
      stopRechecks();
      stopExpiry();
      end();
    }
  }

  return {
    openStream: async ({ body, context }) => {
      checkSubscriptions(body.subscriptions);
      const { type, ref } = context.principal;
      const leave = limits.enter(`${type} ${ref}`);
      const stop = new AbortController();
      const signal = AbortSignal.any([context.signal, stop.signal]);
      setMaxListeners(0, signal);
      signal.addEventListener('abort', leave, { once: true });
      // Who left before is not told of by an event.
      if (signal.aborted) leave();
      try {
        const outbox = new Outbox(signal);
        const running = body.subscriptions.map(
          subscription =>
            new RunningSubscription({
              subscription,
              source: topics[subscription.topic],
              context: { ...context, signal, rights: NOW_AND_THEN },
              outbox,
              access,
              logger,
            }),
        );
        await admit(running);
        return {
          events: read(running, { outbox, context, end: () => stop.abort() }),
        };
      } catch (error) {
        stop.abort();
        throw error;
      }
    },
  };
}
