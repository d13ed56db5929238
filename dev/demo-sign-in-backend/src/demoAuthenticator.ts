import {
  AuthenticationError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { createProxyAuthenticator } from '@backstage/plugin-auth-node';
import type {
  AuthResolverContext,
  SignInResolver,
} from '@backstage/plugin-auth-node';
import { isLoopback, isLoopbackUrl } from './isLoopback';

/** The users that can be signed in as; they are in the demo catalog. */
export const DEMO_USERS: readonly string[] = [
  'viewer',
  'operator',
  'admin',
  'owner',
];

/** The name of a demo user. */
export interface DemoUser {
  name: string;
}

/** The user in the catalog. @throws ServiceUnavailableError while the catalog has not read its files. */
async function findUser(
  { name }: DemoUser,
  context: AuthResolverContext,
): ReturnType<AuthResolverContext['findCatalogUser']> {
  try {
    return await context.findCatalogUser({ entityRef: { name } });
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError')
      throw new ServiceUnavailableError(
        'The catalog does not have the demo users yet; try again in a few seconds',
      );
    throw error;
  }
}

/**
 * Believes the header `x-demo-user` or the query parameter `user`, from this machine only: by the address of the socket,
 * and by the Host, which a web page that had its own name resolve to this machine could not change.
 */
export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async (user: DemoUser, context) => {
    const { entity } = await findUser(user, context);
    const profile = entity.spec?.profile;
    const displayName =
      profile instanceof Object && 'displayName' in profile
        ? String(profile.displayName)
        : user.name;
    return { profile: { displayName } };
  },
  initialize: () => undefined,
  async authenticate({ req }) {
    if (
      !isLoopback(req.socket.remoteAddress ?? '') ||
      !isLoopbackUrl(`http://${req.headers.host}`)
    )
      throw new NotAllowedError('The demo sign-in answers on loopback only');
    const named = [req.headers['x-demo-user'], req.query.user].filter(
      value => value !== undefined,
    );
    const name = DEMO_USERS.find(user => user === named[0]);
    if (!name || named.some(other => other !== name))
      throw new AuthenticationError(
        `Name one demo user: ${DEMO_USERS.join(', ')}`,
      );
    return { result: { name } };
  },
});

/** Signs a demo user in as the catalog's user of that name, with the user's groups. */
export const signInDemoUser: SignInResolver<DemoUser> = ({ result }, context) =>
  context.signInWithCatalogUser({ entityRef: { name: result.name } });
