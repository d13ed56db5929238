import { InputError } from '@backstage/errors';
import { LineCounter, parseAllDocuments } from 'yaml';

/** An object of Kubernetes, as a template writes it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string } & Record<string, unknown>;
  [field: string]: unknown;
}

/** Aliases that a YAML text may resolve; more would be a text that grows without end. */
const ALIASES = 100;

function parseText(text: string): unknown {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: 'error',
  });
  if (!Array.isArray(documents) || documents.length !== 1) {
    throw new InputError(
      'The manifest has to be one YAML document; use `each` for several',
    );
  }
  const [document] = documents;
  if (document.errors.length > 0) {
    // The parser's message may hold a piece of the text, which the log of the task is not to repeat.
    const [{ code, pos }] = document.errors;
    const { line, col } = lineCounter.linePos(pos[0]);
    throw new InputError(
      `The manifest is not valid YAML: ${code} at line ${line}, column ${col}`,
    );
  }
  try {
    return document.toJS({ maxAliasCount: ALIASES });
  } catch {
    throw new InputError(
      'The manifest has an alias that stands for nothing or for too much',
    );
  }
}

function textAt(parent: object, field: string): string | undefined {
  const value: unknown = Reflect.get(parent, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Reads a manifest.
 *
 * @param source - the object, or YAML text
 * @param options - `namespace`: where it goes when it does not say so itself
 * @throws InputError
 */
export function readManifest(
  source: unknown,
  options: { namespace?: string } = {},
): Manifest {
  const parsed = typeof source === 'string' ? parseText(source) : source;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new InputError('The manifest is not an object');
  }
  const metadata: unknown = Reflect.get(parsed, 'metadata');
  const apiVersion = textAt(parsed, 'apiVersion');
  const kind = textAt(parsed, 'kind');
  const hasMetadata = typeof metadata === 'object' && metadata !== null;
  const name = hasMetadata ? textAt(metadata, 'name') : undefined;
  if (!apiVersion || !kind || !hasMetadata || !name) {
    throw new InputError(
      'The manifest needs apiVersion, kind and metadata.name',
    );
  }
  const own = textAt(metadata, 'namespace');
  if (own && options.namespace && own !== options.namespace) {
    throw new InputError(
      `The manifest is for namespace ${own}, the step for ${options.namespace}`,
    );
  }
  const namespace = own ?? options.namespace;
  return {
    ...parsed,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(namespace && { namespace }) },
  };
}
