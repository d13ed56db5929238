/** The requests that are measured, written down once. */
import type { HttpClient } from '../measure/HttpClient.ts';

/** The cheapest request with credentials that the same back end answers: it checks the token and says `{}`. */
export const FLOOR = 'GET /api/bench/empty';

/** What of a deployment's answer is looked at. */
export interface DeploymentDetail {
  cluster?: string;
  name: string;
  namespace: string;
  ready: number;
  labels?: Record<string, string>;
  pods: { name: string }[];
  cache: { state: string };
}

/** The answer of {@link serviceRoute}. */
export interface ServiceAnswer {
  items: DeploymentDetail[];
  clusters: { id: string; cache: { state: string } }[];
  errors: unknown[];
}

/** Our request for a service's page. */
export const serviceRoute = (service: string) =>
  `GET /api/k8s/deployments?entity=component:default/${service}`;

/** The answer of a table. */
export interface TableAnswer {
  columns: { id: string }[];
  rows: {
    cluster: string;
    namespace?: string;
    name: string;
    labels?: Record<string, string>;
    cells: unknown[];
  }[];
  total: number | { value: number };
  continue?: string;
  cache?: { state: string };
  clusters?: { id: string; cache: { state: string } }[];
}

/** Rows on all pages of a table. */
export const totalOf = ({ total }: TableAnswer) =>
  typeof total === 'number' ? total : total.value;

/** Our request for a table of one cluster. @param kind - group, `core` for the core group, and plural */
export const tableRoute = (cluster: string, kind: string, query = '') =>
  `GET /api/k8s/clusters/${cluster}/resources/${kind}?${query}`;

/** Our request for a table of all clusters. */
export const fleetRoute = (kind: string, query = '') =>
  `GET /api/k8s/resources/${kind}?${query}`;

/** The request that the entity page of Backstage's kubernetes plugin makes, every ten seconds. */
export const pluginRoute = (service: string) =>
  `POST /api/kubernetes/services/${service}`;

/** Its body. */
export const pluginBody = (service: string) => ({
  auth: {},
  entity: {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: service, namespace: 'default' },
  },
});

/** What of its answer is looked at. */
export interface PluginAnswer {
  items: {
    cluster: { name: string };
    errors: unknown[];
    resources: { type: string; resources: unknown[] }[];
  }[];
}

/** Names and namespaces, as the raw API server tells them. */
export interface RawList<T = RawObject> {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
}

/** What every object has. */
export interface RawObject {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
  };
  status?: { readyReplicas?: number };
}

const PAGE = 500;

/** Reads all pages of a kind, as client-go does. @returns bytes, and what was read where wanted */
export async function pagedList(
  client: HttpClient,
  path: string,
): Promise<number> {
  let token = '';
  let bytes = 0;
  do {
    const { body } = await client.call(
      `GET ${path}?limit=${PAGE}&continue=${encodeURIComponent(token)}`,
    );
    bytes += body.length;
    token = continueOf(body);
  } while (token !== '');
  return bytes;
}

/** The token of the next page, without parsing the objects: it stands before them. */
function continueOf(body: Buffer): string {
  const head = body.toString('utf8', 0, 4_096);
  return /^\{[^[]*?"continue":"([^"]*)"/.exec(head)?.[1] ?? '';
}
