import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { components, paths } from './generated/openapi';

/** Shapes of the REST API by name, e.g. `Schema<'Cluster'>`. @public */
export type Schema<Name extends keyof components['schemas']> =
  components['schemas'][Name];

/** Typed by the OpenAPI document: `client.GET('/clusters/{id}', …)`. @public */
export type K8sClient = Client<paths>;

/**
 * A client of the REST API.
 *
 * @param baseUrl - where the plugin answers, e.g. `http://localhost:7007/api/k8s`
 * @param options - `fetch` has to add the caller's token
 * @public
 */
export function createK8sClient(
  baseUrl: string,
  options: { fetch: (request: Request) => Promise<Response> },
): K8sClient {
  return createClient<paths>({ baseUrl, fetch: options.fetch });
}
