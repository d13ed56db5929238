/**
 * What the form shows of a kind's schema. The schema of a Deployment has thousands of fields, and some schemas have no end: so the
 * form gets only what is to be seen, which depends on what is set and on which sections are open.
 */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { resolveSchema } from '../schema/JsonSchema';
import type { JsonSchema } from '../schema/JsonSchema';
import { arrangeFields, isOffered } from './commonFields';
import { isFields, pathKey } from './fieldPath';
import type { FieldPath } from './fieldPath';
import { choicesOf, fits, shapeOf } from './fieldShape';
import type { FieldShape } from './fieldShape';
import { fieldTitle } from './fieldTitle';

/** What is open in the form; by the key of a path. */
export interface OpenSections {
  /** Whether somebody opened or closed a section; absent: open where something is set. */
  sections: Readonly<Record<string, boolean>>;
  /** Sections of which all fields are shown. */
  revealed: Readonly<Record<string, boolean>>;
}

/** What a field of the form has to know of itself; in its `ui:options`. */
export interface FieldOptions {
  path: FieldPath;
  shape: FieldShape;
  /** Of a section: fields that are not shown yet. */
  restCount?: number;
  isRevealed?: boolean;
  isOpen?: boolean;
  /** What the API server takes when nothing is said. */
  byDefault?: string;
  /** Of a list: what an item is. */
  itemShape?: FieldShape;
}

/** What the form gets. */
export interface FormSchema {
  schema: RJSFSchema;
  uiSchema: UiSchema;
}

interface Place {
  path: FieldPath;
  value: unknown;
  isRequired: boolean;
}

const LIMITS = [
  ...['minimum', 'maximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems'],
] as const;

/** What takes the whole width. */
const LARGE: readonly FieldShape[] = ['section', 'map', 'list', 'yaml'];

/** Fields with an appearance of their own. */
const FIELDS: Partial<Record<FieldShape, string>> = {
  list: 'ListField',
  map: 'MapField',
  yaml: 'YamlField',
};
const TYPES: Partial<Record<FieldShape, RJSFSchema['type']>> = {
  section: 'object',
  map: 'object',
  list: 'array',
  choice: 'string',
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
};

/** A pattern of a CustomResourceDefinition is of another language than JavaScript's; what is not the same in both is left to the cluster. */
function patternOf(schema: JsonSchema): { pattern?: string } {
  const { pattern } = schema as { pattern?: unknown };
  if (typeof pattern !== 'string') return {};
  try {
    return new RegExp(pattern, 'u') && { pattern };
  } catch {
    return {};
  }
}

function limitsOf(schema: JsonSchema): Record<string, number> {
  const fields = schema as Record<string, unknown>;
  return Object.fromEntries(
    LIMITS.flatMap(name =>
      typeof fields[name] === 'number' ? [[name, fields[name] as number]] : [],
    ),
  );
}

class FormSchemaBuilder {
  constructor(
    private readonly root: JsonSchema,
    private readonly open: OpenSections,
    private readonly isNamespaced: boolean,
  ) {}

  build(unresolved: JsonSchema, place: Place): FormSchema {
    const schema = resolveSchema(unresolved, this.root);
    const named = shapeOf(schema, this.root);
    const shape = fits(named, place.value, schema) ? named : 'yaml';
    const { path, isRequired } = place;
    const name = path.at(-1);
    const title = (schema as { title?: unknown }).title;
    const head: RJSFSchema = {
      ...(TYPES[shape] && { type: TYPES[shape] }),
      title:
        typeof title === 'string' && title
          ? title
          : fieldTitle(String(name ?? '')),
      ...(schema.description && { description: schema.description }),
    };
    const options: FieldOptions = {
      path,
      shape,
      ...(schema.default !== undefined &&
        typeof schema.default !== 'object' && {
          byDefault: String(schema.default),
        }),
    };
    const field = FIELDS[shape];
    const uiSchema: UiSchema = {
      'ui:options': { ...options },
      ...(field && { 'ui:field': field }),
    };
    switch (shape) {
      case 'section':
        return this.section(schema, { place, head, options });
      case 'list':
        return this.list(schema, { place, head, options });
      case 'choice':
        return { schema: { ...head, enum: choicesOf(schema) }, uiSchema };
      case 'text': {
        const { minLength = 0 } = limitsOf(schema);
        return {
          schema: {
            ...head,
            ...limitsOf(schema),
            ...patternOf(schema),
            ...(isRequired && { minLength: Math.max(1, minLength) }),
          },
          uiSchema,
        };
      }
      case 'anyScalar':
        return {
          schema: { ...head, type: ['string', 'number'] },
          uiSchema: { ...uiSchema, 'ui:field': 'ScalarField' },
        };
      case 'number':
      case 'integer':
        return { schema: { ...head, ...limitsOf(schema) }, uiSchema };
      default:
        return { schema: head, uiSchema };
    }
  }

  private section(
    schema: JsonSchema,
    context: { place: Place; head: RJSFSchema; options: FieldOptions },
  ): FormSchema {
    const { place, head, options } = context;
    const { path, value, isRequired } = place;
    const key = pathKey(path);
    const isObjectMeta = path.length === 1 && path[0] === 'metadata';
    // Every object has a name: where it is typed stays open while there is none.
    const isNeeded = isRequired || isObjectMeta;
    const isOpen =
      path.length === 0 ||
      (this.open.sections[key] ?? (isNeeded || value !== undefined));
    if (!isOpen) {
      return {
        // Not checked as an object: what it holds is not shown either.
        schema: { title: head.title, description: head.description },
        uiSchema: {
          'ui:options': { ...options, isOpen },
          'ui:field': 'ClosedField',
        },
      };
    }
    const { properties = {} } = schema;
    const fields = isFields(value) ? value : {};
    const names = Object.keys(properties).filter(name =>
      this.isShown(path, name),
    );
    const required = [
      ...(schema.required ?? []),
      ...(isObjectMeta ? ['name', 'namespace'] : []),
    ].filter(name => names.includes(name));
    const { first, rest } = arrangeFields(path, {
      names,
      required,
      isSet: name => fields[name] !== undefined,
      isLarge: name => {
        const inner = resolveSchema(properties[name], this.root);
        return LARGE.includes(shapeOf(inner, this.root));
      },
    });
    const isRevealed = this.open.revealed[key] === true;
    const unknown = Object.keys(fields).filter(
      name => !(name in properties) && this.isShown(path, name),
    );
    const shown = [...first, ...(isRevealed ? rest : []), ...unknown];
    const built = shown.map(name => {
      const inner = this.build(
        unknown.includes(name)
          ? { 'x-kubernetes-preserve-unknown-fields': true }
          : properties[name],
        {
          path: [...path, name],
          value: fields[name],
          isRequired: required.includes(name),
        },
      );
      return [name, inner] as const;
    });
    return {
      schema: {
        ...head,
        type: 'object',
        properties: Object.fromEntries(
          built.map(([name, inner]) => [name, inner.schema]),
        ),
        ...(required.length > 0 && { required }),
      },
      uiSchema: {
        ...Object.fromEntries(
          built.map(([name, inner]) => [name, inner.uiSchema]),
        ),
        'ui:order': shown,
        'ui:options': {
          ...options,
          isOpen,
          isRevealed,
          restCount: rest.length,
        },
      },
    };
  }

  private list(
    schema: JsonSchema,
    context: { place: Place; head: RJSFSchema; options: FieldOptions },
  ): FormSchema {
    const { place, head, options } = context;
    const values = Array.isArray(place.value) ? place.value : [];
    const items = schema.items ?? {};
    const built = values.map((value, index) =>
      this.build(items, {
        path: [...place.path, index],
        value,
        isRequired: true,
      }),
    );
    const itemShape = shapeOf(resolveSchema(items, this.root), this.root);
    return {
      schema: {
        ...head,
        ...limitsOf(schema),
        ...(built.length > 0 && { items: built.map(one => one.schema) }),
      },
      uiSchema: {
        'ui:field': 'ListField',
        'ui:options': { ...options, itemShape },
        items: built.map(one => one.uiSchema) as unknown as UiSchema,
      },
    };
  }

  private isShown(path: FieldPath, name: string): boolean {
    if (path.length === 1 && path[0] === 'metadata' && name === 'namespace') {
      return this.isNamespaced;
    }
    return isOffered(path, name);
  }
}

/**
 * The part of a kind's schema that the form shows.
 *
 * @param options - `data`: what is set
 */
export function formSchemaOf(
  root: JsonSchema,
  options: { data: unknown; open: OpenSections; isNamespaced: boolean },
): FormSchema {
  const builder = new FormSchemaBuilder(
    root,
    options.open,
    options.isNamespaced,
  );
  return builder.build(root, {
    path: [],
    value: options.data,
    isRequired: true,
  });
}
