import type { Worker } from 'node:worker_threads';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type { ChangeListener } from '../../history/ObjectChange';
import { Bell } from '../../live/Bell';
import { fromPlainError, toPlainError } from './plainError';
import type {
  CallMethod,
  CredentialQuestion,
  FromWorker,
  StreamMethod,
  ToWorker,
} from './protocol';

/** What waits for the worker's messages. */
interface Waiting {
  take: (message: FromWorker) => void;
  fail: (error: Error) => void;
}

/** The main thread's end of the talk with one worker. */
export class WorkerChannel {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #end: Error | undefined;

  constructor(options: {
    worker: Worker;
    /** Told when a cluster does not answer any more. */
    suspect: (cluster: string) => void;
    /** Told what somebody changed in clusters. */
    onChanges: ChangeListener;
    /** Answers the credential of a cluster; undefined where there is no other than the one that was refused. */
    credential: (
      question: CredentialQuestion,
    ) => Promise<ClusterCredential | undefined>;
    logger: LoggerService;
    /** Told once, when the worker has ended. */
    onEnd: (error: Error) => void;
  }) {
    this.#worker = options.worker;
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'suspect') options.suspect(message.cluster);
      else if (message.type === 'changes') {
        options.onChanges(message.changes, message.dropped);
      } else if (message.type === 'credential') {
        const { id, cluster, generation, refused } = message;
        options.credential({ cluster, generation, refused }).then(
          credential => this.post({ type: 'credential', id, credential }),
          error =>
            this.post({
              type: 'credentialFailure',
              id,
              error: toPlainError(error),
            }),
        );
      } else if (message.type === 'log') {
        options.logger.warn(message.message, message.details);
      } else this.#waiting.get(message.id)?.take(message);
    });
    const ended = (error: Error) => {
      if (this.#end) return;
      this.#fail(
        new ServiceUnavailableError(
          'The cache is being started again: try again in a moment',
        ),
      );
      options.onEnd(error);
    };
    this.#worker.on('error', ended);
    this.#worker.on('exit', code => ended(new Error(`It exited with ${code}`)));
    // The back end lives as long as its server does, not as long as its caches.
    this.#worker.unref();
  }

  post(message: ToWorker) {
    if (!this.#end) this.#worker.postMessage(message);
  }

  /** @throws what the worker throws; the signal's reason */
  async call<Answer>(
    question: {
      method: CallMethod;
      subject?: unknown;
      minimumVersion?: string;
    },
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted();
    if (this.#end) throw this.#end;
    const id = this.#nextId();
    let onAbort = () => {};
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting.set(id, {
          take: message => {
            if (message.type === 'result') resolve(message.value as Answer);
            else if (message.type === 'failure') {
              reject(fromPlainError(message.error));
            }
          },
          fail: reject,
        });
        onAbort = () => {
          this.post({ type: 'abort', id });
          reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        this.post({ type: 'call', id, ...question });
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(id);
    }
  }

  /** Ends with the signal. @throws what the worker throws */
  async *stream<Change>(
    method: StreamMethod,
    subject: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<Change> {
    if (signal.aborted) return;
    if (this.#end) throw this.#end;
    const id = this.#nextId();
    const bell = new Bell();
    let batch: Change[] | undefined;
    let end: { error?: Error } | undefined;
    const ring = () => bell.ring();
    this.#waiting.set(id, {
      take: message => {
        if (message.type === 'batch') batch = message.changes as Change[];
        else if (message.type === 'failure') {
          end = { error: fromPlainError(message.error) };
        } else end = {};
        ring();
      },
      fail: error => {
        end = { error };
        ring();
      },
    });
    signal.addEventListener('abort', ring, { once: true });
    this.post({ type: 'open', id, method, subject });
    try {
      while (!signal.aborted) {
        if (batch) {
          const changes = batch;
          batch = undefined;
          for (const change of changes) {
            if (signal.aborted) return;
            yield change;
          }
          this.post({ type: 'acknowledge', id });
        } else if (end) {
          if (end.error) throw end.error;
          return;
        } else {
          await bell.heard();
        }
      }
    } finally {
      signal.removeEventListener('abort', ring);
      this.#waiting.delete(id);
      if (!end) this.post({ type: 'abort', id });
    }
  }

  /** Ends the worker; who waits gets the error. */
  stop(error: Error) {
    if (this.#end) return;
    this.#fail(error);
    void this.#worker.terminate();
  }

  #fail(error: Error) {
    this.#end = error;
    for (const { fail } of [...this.#waiting.values()]) fail(error);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
