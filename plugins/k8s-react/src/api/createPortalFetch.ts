import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';

/**
 * A fetch for the typed client: puts the discovered address of the plugin in place of the placeholder and sends with the
 * portal's own fetch. The body goes as text, since browsers stream a request's body over HTTP/2 only.
 */
export function createPortalFetch(options: {
  discoveryApi: DiscoveryApi;
  fetchApi: FetchApi;
  placeholder: string;
}): (request: Request) => Promise<Response> {
  const { discoveryApi, fetchApi, placeholder } = options;
  return async request => {
    const base = await discoveryApi.getBaseUrl('k8s');
    const body = request.body === null ? '' : await request.text();
    return fetchApi.fetch(base + request.url.slice(placeholder.length), {
      method: request.method,
      headers: request.headers,
      body: body === '' ? undefined : body,
      signal: request.signal,
    });
  };
}
