import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';

const TONES = {
  succeeded: 'good',
  failed: 'bad',
  refused: 'warning',
  pending: 'progress',
} as const;

/** How a change ended. */
export function OutcomeLabel(props: { outcome: AuditEntry['outcome'] }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <StatusLabel tone={TONES[props.outcome]}>
      {t(`changes.outcome.${props.outcome}`)}
    </StatusLabel>
  );
}
