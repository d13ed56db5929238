import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import type { AccessFilter } from '../resources/AccessFilter';
import type { RequestContext } from '../resources/RequestContext';

/**
 * A rule of one's own on what callers are shown, besides what permissions say. What it hides is answered like what does not
 * exist, in lists, streams, single reads and changes alike, and does not count in totals.
 *
 * @public
 */
export interface ResourceFilter {
  /** Unique; told in logs. */
  readonly name: string;
  /**
   * What of a cluster may be shown to the caller, made of `k8sResourceConditions`. Asked for
   * each request and every few seconds of a stream, so it should be quick; a failure hides everything.
   */
  criteria(
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<AccessFilter['criteria']>;
}

/** Where modules add resource filters. @public */
export interface ResourceFiltersExtensionPoint {
  /** Filters add up: what one of them hides is hidden. */
  addFilter(filter: ResourceFilter): void;
}

/** Where modules add resource filters. @public */
export const k8sResourceFiltersExtensionPoint =
  createExtensionPoint<ResourceFiltersExtensionPoint>({
    id: 'k8s.resource-filters',
  });
