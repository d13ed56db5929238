import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PlanDialog,
  k8sApiRef,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';

/** Forgets a cluster, after what depends on it was shown and its name was typed. */
export function DeleteClusterDialog(props: {
  cluster: ClusterDetail;
  onClose: () => void;
}) {
  const { cluster, onClose } = props;
  const { id, name } = cluster;
  const { t } = useTranslationRef(k8sTranslationRef);
  const { client } = useApi(k8sApiRef);
  const links = useLinks();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: queryKeys.dependents(id),
    queryFn: async () =>
      unwrap(
        await client.GET('/clusters/{id}/dependents', {
          params: { path: { id } },
        }),
      ).dependents,
    staleTime: 0,
  });
  const dependents = data ?? [];
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('settings.removeTitle', { name }),
        verb: t('settings.remove'),
        target: { cluster, name },
        destructive: true,
        description: (
          <>
            {t('settings.removeText')}
            {dependents.length > 0 && (
              <>
                <br />
                {t('settings.dependents')}
                <ul>
                  {dependents.map(({ kind, ref, title }) => (
                    <li key={ref}>
                      {kind}: {title}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        ),
        input: { delete: id },
        // What depends on it is to be seen before its name can be typed.
        dryRun: async api => {
          unwrap(
            await api.client.GET('/clusters/{id}/dependents', {
              params: { path: { id } },
            }),
          );
          return undefined;
        },
        run: async (api, { idempotencyKey }) => {
          unwrap(
            await api.client.DELETE('/clusters/{id}', {
              params: {
                path: { id },
                query: { confirm: true },
                header: { 'Idempotency-Key': idempotencyKey },
              },
            }),
          );
          navigate(links.clusters);
          return { status: 'done' };
        },
        changes: [queryKeys.clusters],
      }}
    />
  );
}
