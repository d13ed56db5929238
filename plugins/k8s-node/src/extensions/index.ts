export * from './ApiMiddleware';
export * from './ResourceFilter';
export * from './ResourceHook';
