import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ErrorPanel } from '@backstage-k8s/plugin-k8s-react';
import { Alert, Button } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ExportState } from './useChangesExport';

/** How far an export is, and what is in its file. */
export function ExportOutcome(props: {
  state: ExportState;
  onRetry: () => void;
  onStop: () => void;
}) {
  const { state, onRetry, onStop } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  switch (state.status) {
    case 'running':
      return (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('changes.exporting', { amount: String(state.rows) })}
          customActions={
            <Button size="small" variant="secondary" onPress={onStop}>
              {t('changes.exportCancel')}
            </Button>
          }
        />
      );
    case 'done':
      return (
        <Alert
          role="status"
          status={state.isBounded ? 'warning' : 'success'}
          icon
          title={t(
            state.isBounded ? 'changes.exportBounded' : 'changes.exported',
            { amount: String(state.rows) },
          )}
        />
      );
    case 'failed':
      return (
        <ErrorPanel
          error={state.error}
          what={t('changes.exportFailed')}
          onRetry={onRetry}
        />
      );
    default:
      return null;
  }
}
