/** The OpenAPI document as the fuzzer reads it: by itself, so that a mistake of the router's reader is no mistake of this one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

const load = createRequire(
  join(process.cwd(), 'plugins/k8s-backend/package.json'),
);
const { default: Ajv } = load('ajv');
const { default: addFormats } = load('ajv-formats');

/** A JSON schema. */
export interface FuzzSchema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: FuzzSchema;
  required?: string[];
  properties?: Record<string, FuzzSchema>;
  additionalProperties?: boolean | FuzzSchema;
}

/** One method of one path. */
export interface FuzzOperation {
  id: string;
  method: string;
  path: string;
  parameters: {
    name: string;
    in: 'path' | 'query' | 'header';
    required?: boolean;
    schema: FuzzSchema;
  }[];
  body?: FuzzSchema;
  /** Content types of its 200. */
  answers: string[];
  /** Its errors are a `Status` of the Kubernetes API. */
  speaksKubernetes: boolean;
}

type Check = (value: unknown) => string | undefined;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The operations of the contract, and what their answers have to look like. */
export class FuzzContract {
  readonly operations: FuzzOperation[];
  /** By id of the operation; only where it answers JSON. */
  readonly #answers = new Map<string, Check>();
  readonly checkError: Check;
  // The document is whatever YAML says.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly #document: any = parse(
    readFileSync('plugins/k8s-common/openapi.yaml', 'utf8'),
    { merge: true },
  );

  constructor() {
    const ajv = new Ajv({ strict: false, allErrors: false });
    addFormats(ajv);
    ajv.addSchema(this.#document, 'contract');
    const checkOf = (schema: unknown): Check => {
      const validate = ajv.compile(this.#absolute(schema));
      return value =>
        validate(value) ? undefined : ajv.errorsText(validate.errors);
    };
    this.checkError = checkOf({ $ref: '#/components/schemas/Error' });
    this.operations = Object.entries(this.#document.paths).flatMap(
      ([path, item]) =>
        METHODS.filter(method => Reflect.has(item as object, method)).map(
          method => {
            const { parameters: shared = [], [method]: operation } =
              item as Record<string, any>;
            const answer = this.resolve(operation.responses['200']);
            const json = answer.content['application/json'];
            if (json) {
              this.#answers.set(operation.operationId, checkOf(json.schema));
            }
            return {
              id: operation.operationId,
              method: method.toUpperCase(),
              speaksKubernetes: Reflect.has(item as object, 'x-kubernetes'),
              path,
              parameters: [...shared, ...(operation.parameters ?? [])].map(
                parameter => this.resolve(parameter),
              ),
              body: operation.requestBody?.content['application/json'].schema,
              answers: Object.keys(answer.content),
            };
          },
        ),
    );
  }

  /** Follows a reference; of a part that is none, the part. */
  resolve<Part extends { $ref?: string }>(part: Part): Part {
    if (part.$ref === undefined) return part;
    return part.$ref
      .slice(2)
      .split('/')
      .reduce((node, key) => node[key], this.#document);
  }

  /** What is wrong with the JSON of a success, or undefined. */
  checkAnswer(operation: FuzzOperation, body: unknown): string | undefined {
    const check = this.#answers.get(operation.id);
    return check ? check(body) : `${operation.id} does not answer JSON`;
  }

  /** A schema whose references lead into the document from anywhere. */
  #absolute(schema: unknown): unknown {
    return JSON.parse(JSON.stringify(schema), (key, value) =>
      key === '$ref' ? `contract${value}` : value,
    );
  }
}
