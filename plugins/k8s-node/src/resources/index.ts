export * from './AccessFilter';
export * from './RequestContext';
export * from './ResourceClient';
export * from './ResourceTable';
export * from './ResourceView';
