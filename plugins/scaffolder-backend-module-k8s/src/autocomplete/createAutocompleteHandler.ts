import type { AuthService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import type { K8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { AutocompleteHandler } from '@backstage/plugin-scaffolder-node/alpha';
import { dataOf } from '../client/dataOf';
import { findCluster } from '../client/findCluster';
import type { K8sClients } from '../client/K8sClients';

type Results = Awaited<ReturnType<AutocompleteHandler>>;

async function clusters(client: K8sClient): Promise<Results> {
  const answer = dataOf(await client.GET('/clusters'));
  return {
    results: answer.clusters.map(({ id, name }) => ({ id, title: name })),
  };
}

async function namespaces(
  client: K8sClient,
  wanted: string | undefined,
): Promise<Results> {
  if (!wanted) throw new InputError('The context has to name a cluster');
  const { id } = await findCluster(client, wanted);
  const answer = dataOf(
    await client.GET('/clusters/{id}/namespaces', { params: { path: { id } } }),
  );
  return { results: answer.namespaces.map(({ name }) => ({ id: name })) };
}

/**
 * Completes `clusters`, and `namespaces` of the context's `cluster`. The scaffolder does not tell whose request it is, so the token has to
 * be the user's own Backstage token: what is answered is what that user may see.
 */
export function createAutocompleteHandler(options: {
  auth: AuthService;
  clients: K8sClients;
}): AutocompleteHandler {
  const { auth, clients } = options;
  return async ({ resource, token, context }) => {
    const credentials = await auth.authenticate(token);
    if (!auth.isPrincipal(credentials, 'user')) {
      throw new NotAllowedError('The token has to be that of a user');
    }
    const client = await clients.as(credentials);
    if (resource === 'clusters') return clusters(client);
    if (resource === 'namespaces') return namespaces(client, context?.cluster);
    throw new InputError(
      `There is nothing to complete for '${resource}'; there are clusters and namespaces`,
    );
  };
}
