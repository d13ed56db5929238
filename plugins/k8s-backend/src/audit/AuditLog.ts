import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** What somebody set out to change. */
export interface AuditIntent {
  /** e.g. `deployment.rollback`. */
  action: string;
  /** `name` is kept so that entries can be read when the cluster is gone; absent where it is not known. */
  cluster?: { id: string; name?: string };
  resource?: ResourceType & { namespace?: string; name?: string };
  /** What was asked for; never secrets, shortened above 4 KiB. */
  details?: Record<string, unknown>;
}

/** What a change of an object has led to. */
export interface AuditEffect {
  uid: string;
  /** That the object has now; `deleted` when it is gone. */
  resourceVersion: string;
}

/** Keeps who changed what. Marks `context.audit.recorded`. */
export interface AuditLog {
  /**
   * Does the work between an entry that says it was tried and one that says how it ended. The work notes what it has led to,
   * where it knows.
   *
   * @throws ServiceUnavailableError when the intent cannot be written, or the signal's reason when it was aborted until then; the
   * work is not done then. Else what the work throws: a NotAllowedError is kept as refused, anything else as failed
   */
  change<T>(
    intent: AuditIntent,
    context: RequestContext,
    work: (note: (effect: AuditEffect) => void) => Promise<T>,
  ): Promise<T>;
  /**
   * Keeps what somebody did, of which there is nothing to come.
   *
   * @throws ServiceUnavailableError when it cannot be written
   */
  record(intent: AuditIntent, context: RequestContext): Promise<void>;
  /** Keeps that a change was refused before any work began; never throws. */
  refused(
    intent: AuditIntent,
    context: RequestContext,
    error: Error,
  ): Promise<void>;
}
