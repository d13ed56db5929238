import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useCallback } from 'react';
import { useDescribeChange } from '../audit/useDescribeChange';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { HistoryEntry } from './HistoryEntry';
import { isBeyondKept } from './isBeyondKept';

/** Characters of a value on one line. */
const SHORT = 60;

function shortValue(value: unknown): string | undefined {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  const text = String(value);
  return text.length <= SHORT && !text.includes('\n') ? text : undefined;
}

/** Says in words what became of an object, e.g. `spec.replicas: 1 → 3, and 2 more fields`. */
export function useDescribeHistory(): (entry: HistoryEntry) => string {
  const { t } = useTranslationRef(k8sTranslationRef);
  const describe = useDescribeChange();
  return useCallback(
    entry => {
      const { type, changes, omitted, audit } = entry;
      if (type === 'request') return audit ? describe(audit) : '';
      if (type !== 'changed') return t(`history.${type}`);
      const isLeaving = changes.some(
        ({ path }) => path === '/metadata/deletionTimestamp',
      );
      if (isLeaving) return t('history.leaving');
      const [first] = changes;
      // What somebody set out to do says more than the first of many fields.
      if (audit && changes.length + omitted > 1) return describe(audit);
      if (!first) return t('history.changed');
      const was = shortValue(first.before);
      const is = shortValue(first.after);
      const isBoth = was !== undefined && is !== undefined;
      const what =
        isBoth && !first.hidden && !isBeyondKept(first)
          ? `${first.field}: ${was} → ${is}`
          : first.field;
      const others = changes.length - 1 + omitted;
      return others === 0
        ? what
        : `${what} ${t('history.more', { count: others })}`;
    },
    [t, describe],
  );
}
