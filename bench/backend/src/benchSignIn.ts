import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

const GROUP = 'group:default/bench';
const NAME = /^bench-\d{1,4}$/;

const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize: () => undefined,
  async authenticate({ req }) {
    const name = String(req.query.user);
    if (!NAME.test(name)) throw new Error('Not a user of the benchmark');
    return { result: { name } };
  },
});

/** Signs in as many users as the benchmark wants, `bench-0` and so on, all of one group. The back end listens on loopback only. */
export const benchSignIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'bench-sign-in',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'bench',
          factory: createProxyAuthProviderFactory({
            authenticator,
            signInResolver: ({ result }, context) => {
              const sub = `user:default/${result.name}`;
              return context.issueToken({ claims: { sub, ent: [sub, GROUP] } });
            },
          }),
        });
      },
    });
  },
});
