import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AuditFilter } from '@backstage-k8s/plugin-k8s-react';

/** An entry of the audit. */
export type AuditEntry = Schema<'AuditEntry'>;

/** Results that one can filter by. */
export const OUTCOMES = ['succeeded', 'failed', 'refused', 'pending'] as const;

/** Periods that one can filter by, in hours. */
export const PERIODS = { hour: 1, day: 24, week: 168 } as const;

const HOUR_MS = 3_600_000;

function isPeriod(text: string): text is keyof typeof PERIODS {
  return text in PERIODS;
}

/** To the full hour, so that the same filter is the same question for a while. */
function hoursAgo(hours: number): string {
  const hour = Math.floor(Date.now() / HOUR_MS);
  return new Date((hour - hours) * HOUR_MS).toISOString();
}

/** The filter that a page's address holds. */
export function toAuditFilter(
  parameters: URLSearchParams,
  cluster: string | undefined,
): AuditFilter {
  const of = (name: string) => parameters.get(name) || undefined;
  const period = of('period') ?? '';
  return {
    actor: of('actor'),
    action: of('action'),
    cluster: cluster ?? of('cluster'),
    outcome: OUTCOMES.find(outcome => outcome === of('outcome')),
    from: isPeriod(period) ? hoursAgo(PERIODS[period]) : undefined,
    search: of('search'),
  };
}
