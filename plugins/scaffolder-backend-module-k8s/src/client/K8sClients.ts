import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { K8sClient } from '@backstage-k8s/plugin-k8s-common';
import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { answerError } from './answerError';

/** The plugin answers before this, with an error where it has to. */
const TIMEOUT_MS = 90_000;

/** Makes clients of the suite's REST API that ask as somebody, never as the scaffolder itself. */
export class K8sClients {
  constructor(
    private readonly options: {
      auth: AuthService;
      discovery: DiscoveryService;
    },
  ) {}

  /**
   * A client that asks as the owner of the credentials; what the API refuses is thrown in its words.
   *
   * @param options - `signal`: ends requests that are under way
   */
  async as(
    credentials: BackstageCredentials,
    options: { signal?: AbortSignal } = {},
  ): Promise<K8sClient> {
    const { auth, discovery } = this.options;
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: 'k8s',
    });
    return createK8sClient(await discovery.getBaseUrl('k8s'), {
      fetch: async request => {
        request.headers.set('Authorization', `Bearer ${token}`);
        const timeUp = AbortSignal.timeout(TIMEOUT_MS);
        const signal = options.signal
          ? AbortSignal.any([options.signal, timeUp])
          : timeUp;
        const response = await fetch(request, { signal });
        if (!response.ok) throw await answerError(response);
        return response;
      },
    });
  }
}
