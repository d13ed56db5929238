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

/** How a change ended and, on one line, why. */
export function OutcomeLabel(props: {
  outcome: AuditEntry['outcome'];
  reason?: string;
}) {
  const { outcome, reason } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const words = t(`changes.outcome.${outcome}`);
  return (
    <StatusLabel tone={TONES[outcome]} title={reason}>
      {reason ? `${words}: ${reason}` : words}
    </StatusLabel>
  );
}
