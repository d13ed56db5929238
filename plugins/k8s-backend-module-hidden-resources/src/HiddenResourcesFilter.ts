import type { UserInfoService } from '@backstage/backend-plugin-api';
import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import {
  belongsTo,
  hasLabels,
  k8sResourceConditions,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  AccessFilter,
  RequestContext,
  ResourceFilter,
} from '@backstage-k8s/plugin-k8s-node';
import type { Hidden } from './readHidden';

type Criteria = AccessFilter['criteria'];
type Conditions = Exclude<Criteria, 'all' | 'none'>;

const { isNamespace, isResourceType } = k8sResourceConditions.conditions;

/** Hides what the operator lists. */
export class HiddenResourcesFilter implements ResourceFilter {
  readonly name = 'hidden-resources';
  readonly #hidden: readonly Hidden[];
  readonly #userInfo: UserInfoService;

  constructor(options: {
    hidden: readonly Hidden[];
    userInfo: UserInfoService;
  }) {
    this.#hidden = options.hidden;
    this.#userInfo = options.userInfo;
  }

  async criteria(
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<Criteria> {
    // The suite itself has to know all of a cluster: who looks at it is asked about elsewhere.
    if (context.principal.type === 'system') return 'all';
    const userInfo = this.#userInfo;
    const shown = await Promise.all(
      this.#hidden.map(async ({ clusters, except, ...what }) =>
        !hasLabels(cluster, clusters?.matchLabels) ||
        (await belongsTo(except, { context, userInfo }))
          ? []
          : [allBut(what)],
      ),
    );
    const [first, ...more] = shown.flat();
    if (!first) return 'all';
    return { allOf: [first, ...more] };
  }
}

function allBut({
  namespaces,
  types,
}: Pick<Hidden, 'namespaces' | 'types'>): Conditions {
  const inNamespaces = namespaces && isNamespace({ namespaces });
  const ofTypes = types && isResourceType({ types });
  if (inNamespaces && ofTypes)
    return { not: { allOf: [inNamespaces, ofTypes] } };
  const only = inNamespaces ?? ofTypes;
  if (!only) throw new Error('Neither namespaces nor types are hidden');
  return { not: only };
}
