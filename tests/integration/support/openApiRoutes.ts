import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** An operation of the OpenAPI document. */
export interface Route {
  operation: string;
  /** In upper case. */
  method: string;
  /** With its parameters in braces. */
  path: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** All routes of the API. */
export function openApiRoutes(): Route[] {
  const document = parse(
    readFileSync('plugins/k8s-common/openapi.yaml', 'utf8'),
    { merge: true },
  );
  return Object.entries<Record<string, { operationId: string }>>(
    document.paths,
  ).flatMap(([path, item]) =>
    METHODS.filter(method => item[method]).map(method => ({
      operation: item[method].operationId,
      method: method.toUpperCase(),
      path,
    })),
  );
}
