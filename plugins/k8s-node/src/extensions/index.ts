export * from './ApiMiddleware';
export * from './ClusterAuthentication';
export * from './ResourceFilter';
export * from './ResourceHook';
export * from './belongsTo';
export * from './hasLabels';
