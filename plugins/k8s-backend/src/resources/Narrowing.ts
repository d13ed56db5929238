import type {
  AccessFilter,
  ObjectReference,
  RequestContext,
  ResourceQuery,
} from '@backstage-k8s/plugin-k8s-node';

/** What else than permissions narrows what a caller is shown. */
export interface Narrowing {
  /** Whether there is anything to ask for this caller on this cluster. */
  applies(cluster: string, context: RequestContext): Promise<boolean>;
  /** What of a query the caller may be shown. @throws what keeps that from being known; then nothing is shown */
  criteria(
    query: ResourceQuery,
    context: RequestContext,
  ): Promise<AccessFilter['criteria']>;
  /** Whether the caller may be shown an object, whether it exists or not. */
  shows(reference: ObjectReference, context: RequestContext): Promise<boolean>;
  /** Whether what is not shown cannot be changed either; absent: whoever makes the change decides. */
  hidesFromChanges?: boolean;
}
