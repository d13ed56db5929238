import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  GuardedButton,
  k8sApiRef,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** Checks the health of a cluster now, not at the next turn. */
export function CheckNowButton({ cluster }: { cluster: string }) {
  const { client } = useApi(k8sApiRef);
  const queries = useQueryClient();
  const classes = useSectionStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const check = useMutation({
    mutationFn: async () =>
      unwrap(
        await client.POST('/clusters/{id}/health', {
          params: { path: { id: cluster } },
        }),
      ),
    onSuccess: health =>
      queries.setQueryData(queryKeys.health(cluster), health),
  });
  return (
    <>
      <GuardedButton
        size="small"
        variant="secondary"
        reviews={[{ action: 'cluster.read', cluster }]}
        isPending={check.isPending}
        onPress={() => check.mutate()}
      >
        {t('cluster.checkNow')}
      </GuardedButton>
      {check.error && (
        <span role="alert" className={classes.quiet}>
          {check.error.message}
        </span>
      )}
    </>
  );
}
