import type { UserInfoService } from '@backstage/backend-plugin-api';
import type { RequestContext } from '../resources/RequestContext';

/**
 * Whether the caller of a request is one of the users, or in one of the groups, that the entity references name. Services and
 * the suite itself are nobody's members.
 *
 * @param refs - entity references, e.g. `group:default/platform`; upper and lower case alike
 * @public
 */
export async function belongsTo(
  refs: readonly string[],
  options: { context: RequestContext; userInfo: UserInfoService },
): Promise<boolean> {
  const { credentials, principal } = options.context;
  if (refs.length === 0 || principal.type !== 'user') return false;
  const wanted = new Set(refs.map(ref => ref.toLocaleLowerCase('en-US')));
  const { ownershipEntityRefs } = await options.userInfo.getUserInfo(
    credentials,
  );
  return [principal.ref, ...ownershipEntityRefs].some(ref =>
    wanted.has(ref.toLocaleLowerCase('en-US')),
  );
}
