import type { UserInfoService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { belongsTo, hasLabels } from '@backstage-k8s/plugin-k8s-node';
import type {
  RequestContext,
  ResourceHook,
  ResourceOperation,
} from '@backstage-k8s/plugin-k8s-node';
import type { Freeze } from './readFreezes';

/** Refuses changes, and says so in their plans, while a freeze holds. */
export class FreezeHook implements ResourceHook {
  readonly name = 'change-freeze';
  readonly #freezes: readonly Freeze[];
  readonly #userInfo: UserInfoService;
  readonly #now: () => number;

  constructor(options: {
    freezes: readonly Freeze[];
    userInfo: UserInfoService;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#freezes = options.freezes;
    this.#userInfo = options.userInfo;
    this.#now = options.now;
  }

  /** @throws NotAllowedError */
  async before(
    operation: ResourceOperation,
    context: RequestContext,
  ): Promise<void> {
    for (const freeze of this.#freezes) {
      if (!this.#isFor(freeze, operation)) continue;
      const { except, name, to } = freeze;
      const userInfo = this.#userInfo;
      if (await belongsTo(except, { context, userInfo })) continue;
      const excepted =
        except.length > 0 ? `; only ${except.join(', ')} may change it` : '';
      throw new NotAllowedError(
        `${name}: nothing is changed here until ${new Date(
          to,
        ).toISOString()}${excepted}`,
      );
    }
  }

  #isFor(
    { from, to, clusters, namespaces }: Freeze,
    { cluster, reference }: ResourceOperation,
  ): boolean {
    const now = this.#now();
    if (now < from || now >= to) return false;
    if (!hasLabels(cluster, clusters?.matchLabels)) return false;
    if (!namespaces) return true;
    // A Namespace is in the namespace of its own name.
    const isNamespace =
      reference.group === '' && reference.plural === 'namespaces';
    const home = isNamespace ? reference.name : reference.namespace;
    return home !== undefined && namespaces.includes(home);
  }
}
