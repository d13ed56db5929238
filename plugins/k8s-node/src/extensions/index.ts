export * from './ApiMiddleware';
export * from './ClusterAuthentication';
export * from './ResourceFilter';
export * from './ResourceHook';
export * from './assertStrategy';
export * from './belongsTo';
export * from './hasLabels';
export * from './strategyConformance';
