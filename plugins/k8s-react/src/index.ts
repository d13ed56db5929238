/**
 * Hooks and components for pages that show Kubernetes.
 *
 * @packageDocumentation
 */
export * from './access/AccessBanner';
export * from './access/GuardedButton';
export * from './access/useAccess';
export * from './access/useGuard';
export * from './api/DefaultK8sApi';
export * from './api/K8sApi';
export * from './components/CopyableText';
export * from './components/EmptyState';
export * from './components/ErrorPanel';
export * from './components/HealthLabel';
export * from './components/KeyboardHelp';
export * from './components/RelativeTime';
export * from './components/ResourceHealthLabel';
export * from './components/StaleBanner';
export * from './components/StatusLabel';
export * from './components/StreamBanner';
export * from './components/quietColor';
export * from './data/K8sApiError';
export * from './data/K8sProvider';
export * from './data/queryKeys';
export * from './data/unwrap';
export * from './data/useAudit';
export * from './data/useCacheStatus';
export * from './data/useClusterLists';
export * from './data/useClusters';
export * from './data/useDeployment';
export * from './data/useLiveQuery';
export * from './data/useServiceDeployments';
export * from './data/useStatus';
export * from './diff/DiffView';
export * from './format/formatQuantity';
export * from './format/useRelativeTime';
export * from './plan/PlanDialog';
export * from './plan/idempotencyKey';
export * from './plan/PlannedChange';
export { isUnsure } from './plan/usePlanRun';
export * from './resources/ResourceRef';
export { resourceKey } from './resources/ResourceRows';
export type { ResourceRows } from './resources/ResourceRows';
export * from './resources/useKinds';
export * from './resources/useObjectHistory';
export * from './resources/useResource';
export * from './resources/useResourceParts';
export * from './resources/useResources';
export * from './routing/useUrlState';
export * from './stream/StreamEvent';
export * from './stream/readServerSentEvents';
export * from './table/ResourceColumn';
export * from './table/ResourceTable';
export * from './table/useTypedText';
export { isPageKey } from './table/useTableKeys';
export * from './translation/k8sReactTranslationRef';
