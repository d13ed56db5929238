import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AuditFilter } from '@backstage-k8s/plugin-k8s-react';

/** An entry of the audit. */
export type AuditEntry = Schema<'AuditEntry'>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Times that are chosen most often, in milliseconds before now. */
export const PRESETS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
} as const;

/** Results of a change. */
export const OUTCOMES = ['succeeded', 'failed', 'refused', 'pending'] as const;

/** What is in the address. */
export const FILTER_NAMES = [
  'who',
  'action',
  'cluster',
  'result',
  'when',
  'from',
  'to',
  'search',
] as const;

/** One of {@link FILTER_NAMES}. */
export type FilterName = (typeof FILTER_NAMES)[number];

/** The empty string stands for absence; `when` is a preset, or `custom` for `from` and `to`. */
export type FilterState = Record<FilterName, string>;

/** Who is meant: an entity reference or a service as they are, a bare name as a user. Empty: anybody. */
export function actorOf(who: string): string {
  const name = who.trim();
  const isWhole = !name || name.includes(':') || name === 'system';
  return isWhole ? name : `user:default/${name.toLowerCase()}`;
}

function rangeOf(state: FilterState, now: number) {
  if (Object.hasOwn(PRESETS, state.when)) {
    const length = PRESETS[state.when as keyof typeof PRESETS];
    return { from: new Date(now - length).toISOString() };
  }
  if (state.when !== 'custom') return {};
  const isTime = (text: string) => !Number.isNaN(Date.parse(text));
  return {
    ...(isTime(state.from) && { from: state.from }),
    ...(isTime(state.to) && { to: state.to }),
  };
}

function isOutcome(text: string): text is Schema<'AuditOutcome'> {
  return (OUTCOMES as readonly string[]).includes(text);
}

/** The state of the filters as the API takes it. */
export function toAuditFilter(state: FilterState, now: number): AuditFilter {
  const { who, action, cluster, result, search } = state;
  return {
    ...(who && { actor: actorOf(who) }),
    ...(action && { action }),
    ...(cluster && { cluster }),
    ...(isOutcome(result) && { outcome: result }),
    ...(search && { search }),
    ...rangeOf(state, now),
  };
}
