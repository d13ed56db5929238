/**
 * The one interface through which terminals in containers are opened. Audit and permission are wrappers of it, at the bottom is the
 * API server, as for resources.
 */
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { RightLoss } from '../access/watchRight';
import type { LifetimeEnd } from '../streams/lifetimeOf';

/** Where a terminal is to be, as the caller says it. */
export interface TerminalRequest {
  /** Cluster id. */
  cluster: string;
  namespace: string;
  pod: string;
  /** Absent: the one that the pod names as its default, else its first. */
  container?: string;
  /** Program and arguments; absent: a shell. */
  command?: readonly string[];
}

/** Where a terminal is. */
export type TerminalPlace = Required<TerminalRequest>;

/** In characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Why a terminal ended. */
export type TerminalEndReason =
  | 'exited'
  | 'failed'
  | 'idle'
  | 'limit'
  | 'auditFailed'
  | 'tooSlow'
  | 'closed'
  | RightLoss
  | LifetimeEnd;

/** How a terminal ended. */
export interface TerminalEnd {
  reason: TerminalEndReason;
  /** exited: of the program. */
  exitCode?: number;
  /** For people. */
  message?: string;
}

/** A program that runs in a container, at a terminal. */
export interface Terminal {
  /** Passes on what is typed. */
  write(data: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** No output comes until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it, unless it has ended. */
  end(end: TerminalEnd): void;
  /** Never rejects. */
  readonly ended: Promise<TerminalEnd>;
}

/** How a terminal is opened. */
export interface TerminalOptions {
  /** Its credentials may be newer each time they are looked at, so it is handed on as it is. */
  context: RequestContext;
  /** Id of the terminal, for the audit. */
  id: string;
  size: TerminalSize;
  /** Told what the program writes. */
  onOutput: (data: Uint8Array) => void;
}

/** Opens terminals. */
export interface PodTerminals {
  /**
   * Looks whether a terminal could be opened; changes nothing.
   *
   * @throws NotFoundError when the cluster or the pod does not exist or may not be seen; NotAllowedError; InputError for a
   * container that the pod does not have
   */
  prepare(
    request: TerminalRequest,
    options: { context: RequestContext },
  ): Promise<TerminalPlace>;
  /** @throws like `prepare`; ServiceUnavailableError when it cannot be audited or the cluster does not answer */
  open(place: TerminalPlace, options: TerminalOptions): Promise<Terminal>;
}
