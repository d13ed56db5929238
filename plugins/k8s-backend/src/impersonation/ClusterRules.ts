import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  ObjectReference,
  RequestContext,
  ResourceKind,
  ResourceQuery,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { k8sResourceConditions } from '@backstage-k8s/plugin-k8s-node';
import type {
  SubresourceRules,
  SubresourceUse,
} from '../access/SubresourceRules';
import type { KindDirectory } from '../discovery/KindDirectory';
import { listWhole } from '../resources/listWhole';
import type { Narrowing } from '../resources/Narrowing';
import { NAMESPACES } from '../workloads/ResourceKinds';
import type { AccessReviews } from './AccessReviews';
import type { Identities } from './Identities';

/** Namespaces that are asked about one by one where a caller may not list a kind in all of them; the first by name. */
const MAX_NAMESPACES = 200;

/**
 * On clusters in impersonation mode the cluster's own rules decide, too: on changes and live reads since they are sent as the
 * caller, on reads from the cache by what is asked here.
 */
export class ClusterRules implements Narrowing, SubresourceRules {
  readonly #identities: Identities;
  readonly #reviews: AccessReviews;
  readonly #reader: Pick<ResourceReader, 'list'>;
  readonly #kinds: Pick<KindDirectory, 'find'>;
  readonly #system: RequestContext;

  constructor(options: {
    identities: Identities;
    reviews: AccessReviews;
    /** Tells which namespaces there are. */
    reader: Pick<ResourceReader, 'list'>;
    /** Tells which kinds have namespaces. */
    kinds: Pick<KindDirectory, 'find'>;
    /** The portal itself, which may know of all of them. */
    system: RequestContext;
  }) {
    this.#identities = options.identities;
    this.#reviews = options.reviews;
    this.#reader = options.reader;
    this.#kinds = options.kinds;
    this.#system = options.system;
  }

  async applies(cluster: string, context: RequestContext): Promise<boolean> {
    return (await this.#identities.of(cluster, context)) !== undefined;
  }

  async shows(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<boolean> {
    const { cluster, group, plural, namespace, name } = reference;
    const as = await this.#identities.of(cluster, context);
    if (!as) return true;
    const access = { cluster, group, plural, namespace, name, verb: 'get' };
    return this.#reviews.allows(access, as);
  }

  async allowUse(
    use: SubresourceUse,
    context: RequestContext,
  ): Promise<boolean> {
    const as = await this.#identities.of(use.cluster, context);
    // What is opened here is opened by a GET, be it a WebSocket's.
    return !as || this.#reviews.allows({ ...use, verb: 'get' }, as);
  }

  async criteria(
    query: ResourceQuery,
    context: RequestContext,
  ): Promise<AccessFilter['criteria']> {
    const { cluster, group, plural, namespace } = query;
    const as = await this.#identities.of(cluster, context);
    if (!as) return 'all';
    const access = { cluster, group, plural, verb: 'list' };
    if (await this.#reviews.allows({ ...access, namespace }, as)) return 'all';
    // In one namespace, or without namespaces: there is nothing more to ask.
    if (namespace !== undefined) return 'none';
    if (!(await this.#hasNamespaces(query, context))) return 'none';
    const names = await this.#namespaces(cluster);
    const allowed = await Promise.all(
      names.map(name =>
        this.#reviews.allows({ ...access, namespace: name }, as),
      ),
    );
    const namespaces = names.filter((_, index) => allowed[index]);
    return k8sResourceConditions.conditions.isNamespace({ namespaces });
  }

  async #hasNamespaces(
    { cluster, group, plural }: ResourceKind,
    { signal }: RequestContext,
  ): Promise<boolean> {
    const type = { group, plural };
    const known = traitsOf(type);
    if (known) return known.namespaced;
    try {
      return (await this.#kinds.find(cluster, type, { signal })).namespaced;
    } catch {
      // Asking about namespaces that it does not have costs requests and shows nothing.
      return true;
    }
  }

  async #namespaces(cluster: string): Promise<string[]> {
    const { items } = await listWhole(
      this.#reader,
      { ...NAMESPACES, cluster },
      { context: this.#system },
    );
    return items
      .flatMap(({ metadata }) => metadata.name ?? [])
      .sort()
      .slice(0, MAX_NAMESPACES);
  }
}
