/**
 * The clusters as Backstage's own kubernetes plugin sees them: those that the calling user may see and that are open to it, each at
 * the address of the suite's proxy. It gets no credential of a cluster; what it sends is a token that says which user asks.
 *
 * The plugin asks for clusters with the caller's credentials, and for a credential with what it got then. So who asks is remembered
 * with each description that is given out, and nowhere in it: a description that was copied, kept or made by somebody else has no
 * user, and gets no credential.
 */
import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { ANNOTATION_KUBERNETES_AUTH_PROVIDER } from '@backstage/plugin-kubernetes-common';
import type {
  AuthenticationStrategy,
  AuthMetadata,
  ClusterDetails,
  KubernetesClustersSupplier,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';
import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';

/**
 * What the plugin calls the way to sign in. Its front end knows a fixed list of them, of which this one adds nothing in the browser and
 * is treated as no other in the back end.
 */
export const AUTH_PROVIDER = 'googleServiceAccount';
const PLUGIN = 'k8s';
/** As the suite's proxy has it. */
const LABEL = 'backstage-k8s.io/kubernetes-plugin';
const ENABLED = 'enabled';

/** Supplies clusters, and signs in to them as the user who asked for them. */
export class SuiteClusters
  implements KubernetesClustersSupplier, AuthenticationStrategy
{
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #askers = new WeakMap<ClusterDetails, BackstageCredentials>();

  constructor(options: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  /** None for who is no user: services act for nobody here. @throws Error when the suite does not answer */
  async getClusters({
    credentials,
  }: {
    credentials: BackstageCredentials;
  }): Promise<ClusterDetails[]> {
    if (!this.#auth.isPrincipal(credentials, 'user')) return [];
    const baseUrl = await this.#discovery.getBaseUrl(PLUGIN);
    const token = await this.#tokenOf(credentials);
    const client = createK8sClient(baseUrl, {
      fetch: request => {
        request.headers.set('Authorization', `Bearer ${token}`);
        return fetch(request);
      },
    });
    const { data, response } = await client.GET('/clusters');
    if (!data) {
      throw new Error(`The clusters cannot be had (${response.status})`);
    }
    return data.clusters
      .filter(({ labels }) => labels[LABEL] === ENABLED)
      .map(({ id, name, entityRef }) => {
        const details: ClusterDetails = {
          // The name of its catalog entity: it stays when the cluster gets another one.
          name: entityRef?.split('/').at(-1) ?? id,
          title: name,
          url: `${baseUrl}/clusters/${id}/proxy`,
          authMetadata: {
            [ANNOTATION_KUBERNETES_AUTH_PROVIDER]: AUTH_PROVIDER,
          },
          skipMetricsLookup: true,
        };
        this.#askers.set(details, credentials);
        return details;
      });
  }

  /** @throws NotAllowedError for a cluster that no user has asked for */
  async getCredential(details: ClusterDetails): Promise<KubernetesCredential> {
    const asker = this.#askers.get(details);
    if (!asker) {
      throw new NotAllowedError(
        'It is not known which user asks for this cluster, so nothing is asked of it',
      );
    }
    return { type: 'bearer token', token: await this.#tokenOf(asker) };
  }

  validateCluster(_: AuthMetadata): Error[] {
    return [];
  }

  presentAuthMetadata(_: AuthMetadata): AuthMetadata {
    return {};
  }

  async #tokenOf(asker: BackstageCredentials): Promise<string> {
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: asker,
      targetPluginId: PLUGIN,
    });
    return token;
  }
}
