import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ROOT } from '../../../dev/portal/paths.ts';
import type { TestApiServer } from './TestApiServer.ts';

const THREAD = join(ROOT, 'tests/integration/support/manyWaysThread.ts');

/** What the thread is asked; each is answered by an {@link Asked}. */
export type Question = 'fail' | 'heal' | 'count';

/** What was asked of the API server since all ways were healed. */
export interface Asked {
  /** Complete lists that began. */
  lists: number;
  /** The most lists (pages of them) that were being answered at the same time. */
  mostAtOnce: number;
}

/** What the thread is given. */
export interface ManyWaysOptions {
  target: Pick<TestApiServer, 'port' | 'caData' | 'keyData'>;
  /** How many ways. */
  count: number;
  /** Of the lists that are counted. */
  path: string;
}

/**
 * Many ports that lead to one API server, as many clusters have, and that fail and heal together. They are in a thread of their own:
 * what they cost must not be taken for what it costs to use them.
 */
export class ManyWays {
  readonly ports: readonly number[];
  readonly #thread: Worker;

  private constructor(thread: Worker, ports: readonly number[]) {
    this.#thread = thread;
    this.ports = ports;
  }

  static async start(
    server: TestApiServer,
    options: Omit<ManyWaysOptions, 'target'>,
  ): Promise<ManyWays> {
    const { port, caData, keyData } = server;
    const target = { port, caData, keyData };
    const thread = new Worker(THREAD, { workerData: { ...options, target } });
    const [ports] = await once(thread, 'message');
    return new ManyWays(thread, ports);
  }

  /** Breaks what is open, and lets nothing through any more. */
  async fail(): Promise<void> {
    await this.#ask('fail');
  }

  async heal(): Promise<void> {
    await this.#ask('heal');
  }

  count(): Promise<Asked> {
    return this.#ask('count');
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }

  async #ask(question: Question): Promise<Asked> {
    this.#thread.postMessage(question);
    const [asked] = await once(this.#thread, 'message');
    return asked;
  }
}
