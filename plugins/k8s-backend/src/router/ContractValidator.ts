/**
 * Checks requests and answers against the contract. Messages name the field and the rule, never the value.
 */
import { InputError } from '@backstage/errors';
import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type {
  Contract,
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from './Contract';

/** What is left of an answer's shape being wrong: a mistake of ours. */
export class InvalidAnswerError extends Error {
  name = 'InvalidAnswerError' as const;
}

interface OperationValidators {
  path: ValidateFunction;
  query: ValidateFunction;
  header: ValidateFunction;
  body?: ValidateFunction;
  answer?: ValidateFunction;
}

const DOCUMENT = 'contract';
/** Characters of a caller's own key that an error repeats. */
const NAME_LENGTH = 64;

function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '?').slice(0, NAME_LENGTH);
}

function describe(place: string, error: ErrorObject | undefined): string {
  if (!error) return `${place} is not valid`;
  const where = printable(`${place}${error.instancePath}`);
  if (error.keyword === 'additionalProperties') {
    const key = printable(String(error.params.additionalProperty));
    return `${where} has no '${key}'`;
  }
  if (error.keyword === 'enum') {
    return `${where} must be one of ${error.params.allowedValues.join(', ')}`;
  }
  return `${where} ${error.message}`;
}

/** The text of a parameter as the type that its schema says; unchanged when it is none of that type. */
function convert(text: string, schema: JsonSchema): unknown {
  if (schema.type === 'integer' && /^-?\d{1,16}$/.test(text)) {
    return Number(text);
  }
  if (schema.type === 'boolean' && /^(true|false)$/.test(text)) {
    return text === 'true';
  }
  return text;
}

/** RFC 3339 has leap seconds, of which JavaScript makes no number: such a time is none that we can reckon with. */
function refuseTimesWithoutNumber(ajv: Ajv): void {
  const { validate } = ajv.formats['date-time'] as {
    validate: (text: string) => boolean;
  };
  ajv.addFormat(
    'date-time',
    (text: string) => validate(text) && !Number.isNaN(Date.parse(text)),
  );
}

/** Validators of all operations; built once, at start. */
export class ContractValidator {
  private readonly validators = new Map<string, OperationValidators>();

  constructor(contract: Contract) {
    const ajv = new Ajv({ strict: false, useDefaults: true });
    addFormats(ajv);
    refuseTimesWithoutNumber(ajv);
    ajv.addSchema(contract.document, DOCUMENT);
    const compile = (pointer: string | undefined) =>
      pointer === undefined
        ? undefined
        : ajv.compile({ $ref: `${DOCUMENT}${encodeURI(pointer)}` });
    for (const operation of contract.operations) {
      const of = (place: ContractParameter['in']) =>
        ajv.compile({
          type: 'object',
          // What a browser or a proxy adds to the headers is none of ours.
          additionalProperties: place === 'header',
          required: operation.parameters
            .filter(parameter => parameter.in === place && parameter.required)
            .map(({ name }) => name),
          properties: Object.fromEntries(
            operation.parameters
              .filter(parameter => parameter.in === place)
              .map(({ name, schema }) => [
                name,
                typeof schema.$ref === 'string'
                  ? { $ref: `${DOCUMENT}${schema.$ref}` }
                  : schema,
              ]),
          ),
        });
      this.validators.set(operation.id, {
        path: of('path'),
        query: of('query'),
        header: of('header'),
        body: compile(operation.body?.pointer),
        answer: compile(operation.answerPointer),
      });
    }
  }

  /**
   * The parameters of one place, converted and with the document's defaults.
   *
   * @throws InputError
   */
  parameters(
    operation: ContractOperation,
    place: ContractParameter['in'],
    values: Record<string, string>,
  ): Record<string, unknown> {
    const schemas = new Map(
      operation.parameters
        .filter(parameter => parameter.in === place)
        .map(({ name, schema }) => [name, schema]),
    );
    const converted = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        convert(value, schemas.get(name) ?? {}),
      ]),
    );
    this.check(this.validatorsOf(operation)[place], place, converted);
    return converted;
  }

  /** Checks a body and fills in the document's defaults. @throws InputError */
  body(operation: ContractOperation, body: unknown): unknown {
    const validate = this.validatorsOf(operation).body;
    if (body === undefined) {
      if (operation.body?.required) {
        throw new InputError('This route needs a body');
      }
      return undefined;
    }
    if (!validate) throw new InputError('This route takes no body');
    this.check(validate, 'body', body);
    return body;
  }

  /** @throws InvalidAnswerError when an answer is not as the contract says */
  answer(operation: ContractOperation, answer: unknown): void {
    const validate = this.validatorsOf(operation).answer;
    if (validate && !validate(answer)) {
      throw new InvalidAnswerError(
        `${operation.id}: ${describe('answer', validate.errors?.[0])}`,
      );
    }
  }

  private check(validate: ValidateFunction, place: string, value: unknown) {
    if (!validate(value)) {
      throw new InputError(describe(place, validate.errors?.[0]));
    }
  }

  private validatorsOf(operation: ContractOperation): OperationValidators {
    return this.validators.get(operation.id)!;
  }
}
