import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processInformation } from './processInformation.ts';
import type { ProcessInformation } from './processInformation.ts';

/** The processes of a cluster, in the order in which they start. */
export const PROCESS_NAMES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;

/** A process of a cluster. */
export type ProcessName = (typeof PROCESS_NAMES)[number];

const POLL_MS = 50;
const FREEZE_TIMEOUT_MS = 5_000;

/**
 * The processes of one cluster and their keeper, found by the files that the keeper writes. No signal is sent to a process whose
 * command line does not name the cluster's folder: ids are given anew, and the files of a killed keeper stay.
 */
export class ClusterProcesses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The keeper's process id; undefined when the cluster is not kept. */
  keeper(): number | undefined {
    return this.#find('keeper')?.pid;
  }

  /** Of each process that runs: its id, and whether it is frozen. */
  running(): { name: ProcessName; pid: number; isStopped: boolean }[] {
    return PROCESS_NAMES.flatMap(name => {
      const found = this.#find(name);
      return found
        ? [{ name, pid: found.pid, isStopped: found.isStopped }]
        : [];
    });
  }

  /** The process on whose behalf the keeper runs; undefined when there is none. */
  owner(): number | undefined {
    const owner = this.#find('keeper')?.command.match(/--owner (\d+)/)?.[1];
    return owner ? Number(owner) : undefined;
  }

  /** Sends a signal to the group of one process, or of all; the keeper is not among them. */
  signal(signal: NodeJS.Signals, only?: ProcessName): void {
    for (const { name, pid } of this.running()) {
      if (!only || name === only) send(-pid, signal);
    }
  }

  /** Sends a signal to the keeper. */
  signalKeeper(signal: NodeJS.Signals): void {
    const keeper = this.keeper();
    if (keeper) send(keeper, signal);
  }

  /** Freezes one process, or all, and waits until they stand still: one that is in a system call ends that first. */
  async freeze(only?: ProcessName): Promise<void> {
    const standStill = () =>
      this.running().every(
        ({ name, isStopped }) => isStopped || (only && name !== only),
      );
    const deadline = Date.now() + FREEZE_TIMEOUT_MS;
    do {
      this.signal('SIGSTOP', only);
      await sleep(POLL_MS);
    } while (!standStill() && Date.now() < deadline);
  }

  /** Waits until the keeper and all processes are gone. @returns whether they went in time */
  async untilGone(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.keeper() !== undefined || this.running().length > 0) {
      if (Date.now() > deadline) return false;
      await sleep(POLL_MS);
    }
    return true;
  }

  #find(name: string): ({ pid: number } & ProcessInformation) | undefined {
    const file = join(this.#folder, 'run', `${name}.pid`);
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8'));
    const information = pid > 0 ? processInformation(pid) : undefined;
    if (!information?.command.includes(this.#folder)) return undefined;
    return { pid, ...information };
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It may have ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
