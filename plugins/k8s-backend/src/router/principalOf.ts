import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { Principal } from '@backstage-k8s/plugin-k8s-node';

/** Who credentials belong to. A service that acts for a user is that user. */
export function principalOf(
  auth: AuthService,
  credentials: BackstageCredentials,
): Principal {
  if (auth.isPrincipal(credentials, 'user')) {
    return { type: 'user', ref: credentials.principal.userEntityRef };
  }
  if (auth.isPrincipal(credentials, 'service')) {
    return { type: 'service', ref: credentials.principal.subject };
  }
  return { type: 'anonymous', ref: 'anonymous' };
}
