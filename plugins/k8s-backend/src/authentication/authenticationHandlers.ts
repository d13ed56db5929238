import { NotAllowedError } from '@backstage/errors';
import {
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { AccessControl } from '../access/AccessControl';
import type { Handlers } from '../router/Handlers';
import type { ClusterAuthentications } from './ClusterAuthentications';

/** The ways to sign in to clusters, for who registers one or gives one another credential. */
export function authenticationHandlers(options: {
  access: AccessControl;
  authentications: Pick<ClusterAuthentications, 'list'>;
}): Pick<Handlers, 'listAuthenticationStrategies'> {
  const { access, authentications } = options;
  return {
    listAuthenticationStrategies: async ({ context }) => {
      const isAllowed =
        (await access.allowsSomeCluster(
          k8sClusterRegisterPermission,
          context,
        )) ||
        (await access.allowsSomeCluster(k8sClusterUpdatePermission, context));
      if (!isAllowed) {
        const anyCluster = { name: '', labels: {} };
        throw new NotAllowedError(
          access.refusal(k8sClusterRegisterPermission, anyCluster, context),
        );
      }
      return {
        strategies: authentications
          .list()
          .map(({ id, title, description, fields }) => ({
            id,
            title,
            ...(description && { description }),
            fields: fields.map(field => ({
              name: field.name,
              title: field.title,
              ...(field.description && { description: field.description }),
              optional: field.optional ?? false,
              secret: field.secret ?? false,
              multiline: field.multiline ?? false,
              ...(field.options && { options: [...field.options] }),
            })),
          })),
      };
    },
  };
}
