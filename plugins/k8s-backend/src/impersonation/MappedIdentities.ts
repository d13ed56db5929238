import type { UserInfoService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { KubeIdentity } from '../connection/KubeIdentity';
import type { Identities } from './Identities';

/** How users and groups of the portal are called on clusters. */
export interface IdentityMapping {
  /** Put before what a user is called. */
  userPrefix: string;
  /** Put before what a group is called. */
  groupPrefix: string;
}

/** Names that Kubernetes itself gives rights to. */
const RESERVED = /^system:/i;
/** Milliseconds that the groups of a user are remembered. */
const REMEMBERED_MS = 5_000;
const MAX_REMEMBERED = 10_000;
// More headers than this no API server takes.
const MAX_GROUPS = 200;

/** Names are made of entity references: `backstage:user:default/jane` with the prefix `backstage:`. */
export class MappedIdentities implements Identities {
  readonly #impersonates: (cluster: string) => Promise<boolean>;
  readonly #userInfo: UserInfoService;
  readonly #mapping: IdentityMapping;
  readonly #now: () => number;
  readonly #remembered = new Map<
    string,
    { until: number; identity: Promise<KubeIdentity> }
  >();

  constructor(options: {
    /** Whether a cluster is in impersonation mode. @throws NotFoundError */
    impersonates: (cluster: string) => Promise<boolean>;
    userInfo: UserInfoService;
    mapping: IdentityMapping;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#impersonates = options.impersonates;
    this.#userInfo = options.userInfo;
    this.#mapping = options.mapping;
    this.#now = options.now;
  }

  async of(
    cluster: string,
    context: RequestContext,
  ): Promise<KubeIdentity | undefined> {
    const { type, ref } = context.principal;
    if (type === 'system') return undefined;
    if (!(await this.#impersonates(cluster))) return undefined;
    if (type === 'user') return this.#ofUser(context);
    if (type === 'service') {
      return this.#checked({
        user: `${this.#mapping.userPrefix}service:${ref}`,
        groups: [],
      });
    }
    throw new NotAllowedError('Nobody in particular is nobody on the cluster');
  }

  async #ofUser(context: RequestContext): Promise<KubeIdentity> {
    const { ref } = context.principal;
    const known = this.#remembered.get(ref);
    if (known && known.until > this.#now()) return known.identity;
    const identity = this.#read(context);
    identity.catch(() => this.#remembered.delete(ref));
    this.#remembered.delete(ref);
    this.#remembered.set(ref, {
      until: this.#now() + REMEMBERED_MS,
      identity,
    });
    if (this.#remembered.size > MAX_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest);
    }
    return identity;
  }

  async #read({ credentials, principal }: RequestContext) {
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    const { userPrefix, groupPrefix } = this.#mapping;
    const groups = ownershipEntityRefs
      .filter(ref => ref.startsWith('group:'))
      .map(ref => `${groupPrefix}${ref}`)
      .sort();
    return this.#checked({ user: `${userPrefix}${principal.ref}`, groups });
  }

  /** @throws NotAllowedError */
  #checked(identity: KubeIdentity): KubeIdentity {
    const names = [identity.user, ...identity.groups];
    if (names.some(name => RESERVED.test(name))) {
      throw new NotAllowedError(
        'Names that begin with system: belong to Kubernetes; an operator of the portal has to give k8s.impersonation another prefix',
      );
    }
    if (identity.groups.length > MAX_GROUPS) {
      throw new NotAllowedError(
        `You are in more than ${MAX_GROUPS} groups, which no API server takes`,
      );
    }
    return identity;
  }
}
