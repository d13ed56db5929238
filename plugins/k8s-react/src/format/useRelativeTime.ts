import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useCallback, useSyncExternalStore } from 'react';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { clock } from './Clock';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Milliseconds that count as now. */
const NOW_MS = 10 * SECOND_MS;

/** A duration in its largest whole unit. */
export function inLargestUnit(durationMs: number): {
  unit: 'seconds' | 'minutes' | 'hours' | 'days';
  amount: number;
} {
  if (durationMs < MINUTE_MS) {
    // In steps of five, so that a list of young things does not flicker; nothing takes no time at all.
    const amount = Math.max(1, Math.floor(durationMs / SECOND_MS / 5) * 5);
    return { unit: 'seconds', amount };
  }
  if (durationMs < HOUR_MS) {
    return { unit: 'minutes', amount: Math.floor(durationMs / MINUTE_MS) };
  }
  if (durationMs < 2 * DAY_MS) {
    return { unit: 'hours', amount: Math.floor(durationMs / HOUR_MS) };
  }
  return { unit: 'days', amount: Math.floor(durationMs / DAY_MS) };
}

/** How the distance of a moment to now is said. @public */
export type RelativeTimeFormat = 'ago' | 'duration';

/**
 * The distance of a moment to now, in words. The component renders again only when the words change.
 *
 * @param at - milliseconds since 1970
 * @param format - `ago`: `12 min ago`, `in 3 d`; `duration`: `12 min`
 * @public
 */
export function useRelativeTime(
  at: number | undefined,
  format: RelativeTimeFormat = 'ago',
): string {
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const words = useCallback(() => {
    if (at === undefined || Number.isNaN(at)) return t('time.never');
    const distance = Date.now() - at;
    const { unit, amount } = inLargestUnit(Math.abs(distance));
    const time = t(`time.${unit}`, { amount: String(amount) });
    if (format === 'duration') return time;
    if (distance >= 0 && distance < NOW_MS) return t('time.justNow');
    if (distance < 0 && distance > -NOW_MS) return t('time.now');
    return distance > 0 ? t('time.ago', { time }) : t('time.ahead', { time });
  }, [at, format, t]);
  return useSyncExternalStore(
    useCallback(listener => clock.subscribe(listener), []),
    words,
    words,
  );
}
