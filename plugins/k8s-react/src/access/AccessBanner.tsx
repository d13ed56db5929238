import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { useQueryClient } from '@tanstack/react-query';
import type { Query } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { queryKeys } from '../data/queryKeys';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';

/** A right that something on the page asks for, and that could not be had. */
const isMissing = (query: Query) =>
  query.state.status === 'error' &&
  query.state.data === undefined &&
  query.isActive();

const MISSING = { queryKey: queryKeys.anyAccess, predicate: isMissing };

function useMissingRights() {
  const queries = useQueryClient();
  const { streamState } = useApi(k8sApiRef);
  const cache = queries.getQueryCache();
  const error = useSyncExternalStore(
    useCallback(listener => cache.subscribe(listener), [cache]),
    () => cache.findAll(MISSING).at(0)?.state.error ?? undefined,
  );
  const retry = useCallback(() => queries.refetchQueries(MISSING), [queries]);
  const stream = useSyncExternalStore(streamState.subscribe, streamState.get);
  useEffect(() => {
    // What kept the stream down kept the rights away too.
    if (stream.state === 'live') retry();
  }, [stream.state, retry]);
  return { error, retry };
}

/** Says, at the top of a page, that one's rights are not known and why, and asks again; nothing while they are. @public */
export function AccessBanner() {
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const { error, retry } = useMissingRights();
  // Stays while they are asked for again, so that the page does not jump and the focus is not lost.
  const [retried, setRetried] = useState<Error>();
  const shown = error ?? retried;
  if (!shown) return null;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('access.failedTitle')}
      description={shown.message}
      customActions={
        <Button
          size="small"
          variant="secondary"
          isPending={Boolean(retried)}
          onPress={() => {
            setRetried(shown);
            retry().finally(() => setRetried(undefined));
          }}
        >
          {t('error.retry')}
        </Button>
      }
    />
  );
}
