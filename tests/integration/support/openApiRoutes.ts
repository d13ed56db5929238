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

function openApiDocument() {
  return parse(readFileSync('plugins/k8s-common/openapi.yaml', 'utf8'), {
    merge: true,
  });
}

/** What can be asked for by one route each: the views, and the topics of streams. */
export function openApiChoices(): { views: string[]; topics: string[] } {
  const { paths, components } = openApiDocument();
  const { parameters } = paths['/clusters/{id}/views/{view}'].get;
  return {
    views: parameters.find(({ name }: { name?: string }) => name === 'view')
      .schema.enum,
    topics: components.schemas.Subscription.properties.topic.enum,
  };
}

/** All routes of the API. */
export function openApiRoutes(): Route[] {
  return Object.entries<Record<string, { operationId: string }>>(
    openApiDocument().paths,
  ).flatMap(([path, item]) =>
    METHODS.filter(method => item[method]).map(method => ({
      operation: item[method].operationId,
      method: method.toUpperCase(),
      path,
    })),
  );
}
