import { InputError, NotFoundError } from '@backstage/errors';
import { MethodNotAllowedError } from '../errors/statusErrors';
import type { ContractOperation } from './Contract';

/** An operation, and the values of the parameters in its path. */
export interface MatchedRoute {
  operation: ContractOperation;
  path: Record<string, string>;
}

interface Route {
  segments: string[];
  /** Whether the last parameter takes all that follows. */
  takesRest: boolean;
  operations: Map<string, ContractOperation>;
}

// Everything that a name of Kubernetes or an id of ours may hold. Names of RBAC objects hold the punctuation of a path's segment too
// (`system:node`), as it is or as clients write it (`%3A`). Other percent signs, slashes in any spelling, dots and letters that
// somebody has encoded, backslashes, control characters and look-alikes are not in it.
const PUNCTUATION = "!$&'()*+,;=:@";
const ENCODED = [...PUNCTUATION]
  .map(sign => sign.charCodeAt(0).toString(16))
  .join('|');
const PATH = new RegExp(
  `^(?:/(?:[A-Za-z0-9._~${PUNCTUATION}-]|%(?:${ENCODED})){1,317})+/?$`,
  'i',
);

/** The name in a segment of a path that fits: only punctuation is left to be decoded. */
function nameIn(segment: string): string {
  return segment.replace(/%[0-9a-f]{2}/gi, decodeURIComponent);
}

function parameterName(segment: string): string | undefined {
  return segment.startsWith('{') ? segment.slice(1, -1) : undefined;
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

function valuesOf(
  route: Route,
  segments: readonly string[],
): Record<string, string> {
  const values: [string, string][] = route.segments.flatMap((part, index) => {
    const name = parameterName(part);
    if (name === undefined) return [];
    const isRest = route.takesRest && index === route.segments.length - 1;
    return [[name, isRest ? segments.slice(index).join('/') : segments[index]]];
  });
  return Object.fromEntries(values);
}

/** The first segments of all paths, e.g. `/clusters`. */
export function rootPaths(operations: readonly ContractOperation[]): string[] {
  return [...new Set(operations.map(({ path }) => `/${path.split('/')[1]}`))];
}

/** The routes of the contract. */
export class RouteTable {
  private readonly routes: Route[];

  constructor(operations: readonly ContractOperation[]) {
    const byPath = new Map<string, Route>();
    for (const operation of operations) {
      const route = byPath.get(operation.path) ?? {
        segments: operation.path.split('/').slice(1),
        takesRest: operation.speaksKubernetes,
        operations: new Map(),
      };
      route.operations.set(operation.method, operation);
      byPath.set(operation.path, route);
    }
    this.routes = [...byPath.values()];
  }

  /**
   * Finds the operation of a request; `path` is as it was sent, still encoded.
   *
   * @throws InputError for a path that no name leads to, NotFoundError for one that is not documented,
   * MethodNotAllowedError
   */
  match(method: string, path: string): MatchedRoute {
    const segments = segmentsOf(path);
    if (!PATH.test(path) || segments.some(part => /^\.{1,2}$/.test(part))) {
      throw new InputError('The path holds what no name may hold');
    }
    const route = this.find(segments);
    if (!route) throw new NotFoundError('There is no such route');
    const operation = route.operations.get(method);
    if (!operation) {
      throw new MethodNotAllowedError([...route.operations.keys()]);
    }
    return { operation, path: valuesOf(route, segments.map(nameIn)) };
  }

  /**
   * The operation that a path would lead to if everything in it were a name, so that who sends another one leaves a trace. What
   * it answers for the path may be anything.
   */
  resembling(method: string, path: string): MatchedRoute | undefined {
    const segments = segmentsOf(path);
    const route = this.find(segments);
    const operation = route?.operations.get(method);
    return route && operation && { operation, path: valuesOf(route, segments) };
  }

  private find(segments: readonly string[]): Route | undefined {
    return this.routes.find(
      candidate =>
        (candidate.segments.length === segments.length ||
          (candidate.takesRest &&
            candidate.segments.length < segments.length)) &&
        candidate.segments.every(
          (part, index) =>
            parameterName(part) !== undefined || part === segments[index],
        ),
    );
  }
}
