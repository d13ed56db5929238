import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { k8sApiRef, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useQuery } from '@tanstack/react-query';

/** Has fields of its own on the page. */
const TOKEN = 'token';

/** The ways to sign in besides a token; none while they are not known, since the others do without. */
export function useAuthenticationStrategies(): Schema<'AuthenticationStrategy'>[] {
  const { client } = useApi(k8sApiRef);
  const { data = [] } = useQuery({
    queryKey: queryKeys.authenticationStrategies,
    queryFn: async () =>
      unwrap(await client.GET('/authentication-strategies')).strategies,
    // They change when the portal is started anew.
    staleTime: Infinity,
    retry: false,
  });
  return data.filter(({ id }) => id !== TOKEN);
}
