import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { AccessReview } from '../api/K8sApi';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { useAccess } from './useAccess';

/** Whether something may be done, and else why not, for people. @public */
export interface Guard {
  allowed: boolean;
  reason?: string;
  /** Whether it is not known yet. */
  isChecking?: boolean;
  /** Present: the rights could not be had, the reason says why, and this asks for them again. */
  retry?: () => void;
}

/** Whether all of the reviews are allowed; while that is not known, they are not. @public */
export function useGuard(reviews: readonly AccessReview[]): Guard {
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const { decisions, error, retry } = useAccess(reviews);
  const refusal = decisions.find(decision => decision?.allowed === false);
  if (refusal) {
    return {
      allowed: false,
      reason: refusal.role
        ? t('access.needs', { role: refusal.role })
        : refusal.reason ?? t('access.refused'),
    };
  }
  if (error) {
    const reason = t('access.failed', { message: error.message });
    return { allowed: false, reason, retry };
  }
  return decisions.every(decision => decision?.allowed)
    ? { allowed: true }
    : { allowed: false, reason: t('access.checking'), isChecking: true };
}
