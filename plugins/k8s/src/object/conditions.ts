import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { StatusTone } from '@backstage-k8s/plugin-k8s-react';

/** A condition as statuses of most kinds have it. */
export interface ObjectCondition {
  type: string;
  /** True, False or Unknown. */
  status: string;
  reason?: string;
  message?: string;
  /** RFC 3339. */
  since?: string;
}

/** What is wrong when it holds. */
const TROUBLE =
  /(Pressure|Unavailable|Failed|Failure|Degraded|Stalled|Error|Conflict|Corrupt|Terminating)/;
/** What is neither good nor bad: it says that something is being done, or is held. */
const WORK = /(Progressing|Reconciling|Issuing|Suspended|Paused|InProgress)/;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The conditions of an object; none where it has none in the usual form. */
export function conditionsOf(object: KubernetesObject): ObjectCondition[] {
  const { status } = object as { status?: { conditions?: unknown } };
  if (!Array.isArray(status?.conditions)) return [];
  return status.conditions.flatMap((entry: Record<string, unknown>) => {
    const type = textOf(entry?.type);
    if (!type) return [];
    return [
      {
        type,
        status: textOf(entry.status) ?? 'Unknown',
        reason: textOf(entry.reason),
        message: textOf(entry.message),
        since: textOf(entry.lastTransitionTime) ?? textOf(entry.lastUpdateTime),
      },
    ];
  });
}

/** Whether it is well that a condition holds, or does not. */
export function conditionTone({ type, status }: ObjectCondition): StatusTone {
  if (status !== 'True' && status !== 'False') return 'neutral';
  const holds = status === 'True';
  if (TROUBLE.test(type)) return holds ? 'bad' : 'good';
  if (WORK.test(type)) return holds ? 'progress' : 'neutral';
  return holds ? 'good' : 'bad';
}

const RANKS: readonly StatusTone[] = ['bad', 'progress', 'neutral', 'good'];

/** Trouble first. */
export function byTrouble(left: ObjectCondition, right: ObjectCondition) {
  const rankOf = (one: ObjectCondition) => RANKS.indexOf(conditionTone(one));
  return rankOf(left) - rankOf(right);
}
