import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { K8sApiError } from '../data/K8sApiError';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';

const ADVICE = {
  401: 'error.signedOut',
  403: 'error.notAllowed',
  404: 'error.notFound',
} as const;

function adviceFor(error: Error) {
  if (!(error instanceof K8sApiError)) return 'error.unreachable';
  const known = ADVICE[error.status as keyof typeof ADVICE];
  return known ?? (error.status >= 500 ? 'error.server' : undefined);
}

/** What failed, for which cluster, why, and what to do about it; the rest of the page goes on. @public */
export function ErrorPanel(props: {
  error: Error;
  /** What was to be shown, e.g. `Namespaces`. */
  what: string;
  /** The name of the cluster that it was about. */
  cluster?: string;
  onRetry?: () => void;
}) {
  const { error, what, cluster, onRetry } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const advice = adviceFor(error);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={
        cluster
          ? t('error.titleOf', { what, cluster })
          : t('error.title', { what })
      }
      description={
        <>
          {error.message}
          {advice && <br />}
          {advice && t(advice)}
        </>
      }
      customActions={
        onRetry && (
          <Button size="small" variant="secondary" onPress={onRetry}>
            {t('error.retry')}
          </Button>
        )
      }
    />
  );
}
