import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parse } from 'yaml';
import type { OperationId } from './Handlers';

/** A JSON schema, as the OpenAPI document holds it. */
export type JsonSchema = Record<string, unknown>;

/** A parameter of an operation. */
export interface ContractParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
}

/** One method of one path. */
export interface ContractOperation {
  id: OperationId;
  /** In upper case. */
  method: string;
  /** e.g. `/clusters/{id}`. */
  path: string;
  parameters: ContractParameter[];
  /** JSON pointer of the body's schema; absent: takes no body. */
  body?: { pointer: string; required: boolean };
  /** Bytes. */
  bodyLimit: number;
  /** JSON pointer of the answer's schema; absent: answers with server-sent events. */
  answerPointer?: string;
  /** Whether it takes an `Idempotency-Key`: it changes something. */
  idempotent: boolean;
}

/** The OpenAPI document as the router reads it. */
export interface Contract {
  document: JsonSchema;
  operations: ContractOperation[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Bytes; enough for every body but kubeconfigs and manifests, whose routes say so by `x-body-limit`. */
const DEFAULT_BODY_LIMIT = 64 * 1024;

type Node = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- any JSON, read by pointer

function escapePointer(part: string): string {
  return part.replace(/~/g, '~0').replace(/\//g, '~1');
}

function resolve(document: Node, pointer: string): Node {
  return pointer
    .slice(2)
    .split('/')
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((node, part) => node[part], document);
}

/** Follows one `$ref`. */
function follow(document: Node, node: Node, pointer: string) {
  const target: string | undefined = node.$ref;
  return target === undefined
    ? { node, pointer }
    : { node: resolve(document, target), pointer: target };
}

function readOperation(
  document: Node,
  place: { path: string; method: string },
): ContractOperation {
  const item: Node = document.paths[place.path];
  const operation: Node = item[place.method];
  const pointer = `#/paths/${escapePointer(place.path)}/${place.method}`;
  const parameters = [
    ...(item.parameters ?? []),
    ...(operation.parameters ?? []),
  ].map(parameter => {
    const { node } = follow(document, parameter, '');
    return {
      name: node.name,
      in: node.in,
      required: node.required ?? false,
      schema: node.schema,
    };
  });
  const answer = follow(
    document,
    operation.responses['200'],
    `${pointer}/responses/200`,
  );
  const json = `content/${escapePointer('application/json')}/schema`;
  return {
    id: operation.operationId,
    method: place.method.toUpperCase(),
    path: place.path,
    parameters,
    body: operation.requestBody && {
      pointer: `${pointer}/requestBody/${json}`,
      required: operation.requestBody.required ?? false,
    },
    bodyLimit: operation['x-body-limit'] ?? DEFAULT_BODY_LIMIT,
    answerPointer: answer.node.content['application/json']
      ? `${answer.pointer}/${json}`
      : undefined,
    idempotent: parameters.some(({ name }) => name === 'Idempotency-Key'),
  };
}

/** Reads an OpenAPI document; what the router does not know of it has no effect. */
export function readContract(text: string): Contract {
  // The document's shapes share properties by YAML's merge keys.
  const document: Node = parse(text, { merge: true });
  const operations = Object.keys(document.paths).flatMap(path =>
    METHODS.filter(method => document.paths[path][method]).map(method =>
      readOperation(document, { path, method }),
    ),
  );
  return { document, operations };
}

/** The contract of the plugin: the document that ships with the common package. */
export function loadContract(): Contract {
  const file = resolvePackagePath(
    '@backstage-k8s/plugin-k8s-common',
    'openapi.yaml',
  );
  return readContract(readFileSync(file, 'utf8'));
}
