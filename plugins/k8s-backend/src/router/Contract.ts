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
  /** Whether it takes an `Idempotency-Key`. */
  idempotent: boolean;
  /** Whether it can change something: every method but GET, unless the document says `x-reads`. */
  changes: boolean;
  /** Whether it speaks as the Kubernetes API does: its last parameter takes the rest of the path, and its errors are `Status`. */
  speaksKubernetes: boolean;
}

/** The OpenAPI document as the router reads it. */
export interface Contract {
  document: JsonSchema;
  operations: ContractOperation[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Bytes; enough for every body but kubeconfigs and manifests, whose routes say so by `x-body-limit`. */
const DEFAULT_BODY_LIMIT = 64 * 1024;

interface DocumentParameter {
  name: string;
  in: ContractParameter['in'];
  required?: boolean;
  schema: JsonSchema;
}

interface DocumentAnswer {
  content: Record<string, unknown>;
}

type Referable<Part> = Part | { $ref: string };

interface DocumentOperation {
  operationId: OperationId;
  parameters?: Referable<DocumentParameter>[];
  requestBody?: { required?: boolean };
  responses: Record<string, Referable<DocumentAnswer>>;
  'x-body-limit'?: number;
  'x-reads'?: boolean;
}

type DocumentPath = {
  parameters?: Referable<DocumentParameter>[];
  'x-kubernetes'?: boolean;
} & Partial<Record<(typeof METHODS)[number], DocumentOperation>>;

/** What of an OpenAPI document is read here. */
type OpenApiDocument = JsonSchema & { paths: Record<string, DocumentPath> };

function escapePointer(part: string): string {
  return part.replace(/~/g, '~0').replace(/\//g, '~1');
}

/** A part of the document; `pointer` is where it was found, or where its `$ref` leads. */
function follow<Part extends object>(
  document: OpenApiDocument,
  place: { part: Referable<Part>; pointer: string },
): { part: Part; pointer: string } {
  const { part, pointer } = place;
  if (!('$ref' in part)) return { part, pointer };
  const target = part.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => Reflect.get(node as object, key), document);
  return { part: target as Part, pointer: part.$ref };
}

function readOperation(
  document: OpenApiDocument,
  place: { path: string; method: (typeof METHODS)[number] },
): ContractOperation[] {
  const item = document.paths[place.path];
  const operation = item[place.method];
  if (!operation) return [];
  const pointer = `#/paths/${escapePointer(place.path)}/${place.method}`;
  const parameters = [
    ...(item.parameters ?? []),
    ...(operation.parameters ?? []),
  ].map(parameter => {
    const { part } = follow(document, { part: parameter, pointer });
    const { name, in: where, required = false, schema } = part;
    return { name, in: where, required, schema };
  });
  const answer = follow(document, {
    part: operation.responses['200'],
    pointer: `${pointer}/responses/200`,
  });
  const json = `content/${escapePointer('application/json')}/schema`;
  return [
    {
      id: operation.operationId,
      method: place.method.toUpperCase(),
      path: place.path,
      parameters,
      body: operation.requestBody && {
        pointer: `${pointer}/requestBody/${json}`,
        required: operation.requestBody.required ?? false,
      },
      bodyLimit: operation['x-body-limit'] ?? DEFAULT_BODY_LIMIT,
      answerPointer: answer.part.content['application/json']
        ? `${answer.pointer}/${json}`
        : undefined,
      idempotent: parameters.some(({ name }) => name === 'Idempotency-Key'),
      changes: place.method !== 'get' && !operation['x-reads'],
      speaksKubernetes: item['x-kubernetes'] ?? false,
    },
  ];
}

/** Reads an OpenAPI document; what the router does not know of it has no effect. */
export function readContract(text: string): Contract {
  // The document's shapes share properties by YAML's merge keys.
  const document: OpenApiDocument = parse(text, { merge: true });
  const operations = Object.keys(document.paths).flatMap(path =>
    METHODS.flatMap(method => readOperation(document, { path, method })),
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
