import type { Handlers } from '../router/Handlers';
import type { KubeProxy } from './KubeProxy';

/** Answers the Kubernetes API of clusters. */
export function proxyHandlers(options: {
  proxy: KubeProxy;
}): Pick<Handlers, 'proxyRead' | 'proxyCreate' | 'proxyPatch' | 'proxyDelete'> {
  const { proxy } = options;
  const placeOf = ({ id, path }: { id: string; path: string }) => ({
    cluster: id,
    path,
  });
  return {
    proxyRead: ({ path, query, context }) =>
      proxy.read(placeOf(path), query, context),
    proxyCreate: ({ path, body, context }) =>
      proxy.create(placeOf(path), body, context),
    proxyPatch: ({ path, body, context }) =>
      proxy.patch(placeOf(path), body, context),
    proxyDelete: ({ path, query, context }) =>
      proxy.delete(placeOf(path), query.propagationPolicy, context),
  };
}
