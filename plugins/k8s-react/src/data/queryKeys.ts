import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceRef } from '../resources/ResourceRef';
import type { AuditFilter } from './useAudit';

/** Under which keys what was read is kept; all begin with `k8s`. @public */
export const queryKeys = {
  all: ['k8s'] as const,
  status: ['k8s', 'status'] as const,
  clusters: ['k8s', 'clusters'] as const,
  authenticationStrategies: ['k8s', 'authentication-strategies'] as const,
  cluster: (id: string) => ['k8s', 'cluster', id, 'detail'] as const,
  health: (id: string) => ['k8s', 'cluster', id, 'health'] as const,
  nodes: (id: string) => ['k8s', 'cluster', id, 'nodes'] as const,
  namespaces: (id: string) => ['k8s', 'cluster', id, 'namespaces'] as const,
  dependents: (id: string) => ['k8s', 'cluster', id, 'dependents'] as const,
  events: (id: string, filter: object) =>
    ['k8s', 'cluster', id, 'events', filter] as const,
  rollouts: (id: string, filter: object) =>
    ['k8s', 'cluster', id, 'rollouts', filter] as const,
  deployment: (id: string, namespace: string, name: string) =>
    ['k8s', 'cluster', id, 'deployment', namespace, name] as const,
  kinds: (id: string) => ['k8s', 'cluster', id, 'kinds'] as const,
  kindSchema: (id: string, type: ResourceType) =>
    ['k8s', 'cluster', id, 'schema', type.group, type.plural] as const,
  resources: (id: string, type: ResourceType, query: object) =>
    ['k8s', 'cluster', id, 'list', type.group, type.plural, query] as const,
  /** Everything that is read of one object. */
  resource: ({ cluster, group, plural, namespace, name }: ResourceRef) =>
    // Absence and any namespace have to differ as JSON.
    [
      ...['k8s', 'cluster', cluster, 'object', group, plural],
      ...[namespace ?? null, name],
    ] as const,
  service: (entity: string) => ['k8s', 'service', entity] as const,
  search: (query: object) => ['k8s', 'search', query] as const,
  audit: (filter: AuditFilter) => ['k8s', 'audit', filter] as const,
  cache: ['k8s', 'cache'] as const,
  anyAccess: ['k8s', 'access'] as const,
  access: (review: object) => ['k8s', 'access', review] as const,
};
