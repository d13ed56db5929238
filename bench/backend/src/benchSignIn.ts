import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

const GROUP = 'group:default/bench';
const VIEWER = 'viewer';
const NAME = /^(viewer|bench-\d{1,4})$/;

const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize: () => undefined,
  async authenticate({ req }) {
    // The sign-in page names the user in a header.
    const name = req.get('x-demo-user') ?? String(req.query.user);
    if (!NAME.test(name)) throw new Error('Not a user of the benchmark');
    return { result: { name } };
  },
});

/**
 * Signs in as many users as the benchmark wants, `bench-0` and so on, all of one group, and the viewer of the browser. It stands in
 * for the demo's sign-in, which is off in production, so that the portal's own sign-in page works. The back end listens on loopback only.
 */
export const benchSignIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'bench-sign-in',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'k8s-demo',
          factory: createProxyAuthProviderFactory({
            authenticator,
            signInResolver: ({ result }, context) => {
              const sub = `user:default/${result.name}`;
              const ent = result.name === VIEWER ? [sub] : [sub, GROUP];
              return context.issueToken({ claims: { sub, ent } });
            },
          }),
        });
      },
    });
  },
});
