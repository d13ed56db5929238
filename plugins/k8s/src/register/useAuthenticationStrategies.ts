import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { k8sApiRef, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useQuery } from '@tanstack/react-query';

type Strategy = Schema<'AuthenticationStrategy'>;

/** Has fields of its own on the page. */
const TOKEN = 'token';

function added(strategies: Strategy[]): Strategy[] {
  return strategies.filter(({ id }) => id !== TOKEN);
}

/** The ways to sign in besides a token, that modules add. */
export function useAuthenticationStrategies() {
  const { client } = useApi(k8sApiRef);
  return useQuery({
    queryKey: queryKeys.authenticationStrategies,
    queryFn: async () =>
      unwrap(await client.GET('/authentication-strategies')).strategies,
    select: added,
    // They change when the portal is started anew.
    staleTime: Infinity,
    retry: false,
  });
}
