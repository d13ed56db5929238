import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Diagnostic } from '@codemirror/lint';
import { useMemo } from 'react';
import { parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { Manifest } from './manifest';
import { checkManifest } from './schema/checkManifest';
import type { ManifestProblem } from './schema/checkManifest';
import type { JsonSchema } from './schema/JsonSchema';

/** The most that the API takes, in characters; a bit less than its limit in bytes. */
const MOST_CHARACTERS = 2_500_000;

/** What a manifest has to say of itself, e.g. its kind; what is absent may be anything. */
export interface ManifestIdentity {
  apiVersion: string;
  kind: string;
  name?: string;
  namespace?: string;
}

/** What was written, as far as it can be understood. */
export interface ManifestText {
  /** Undefined: it cannot be sent, the problems say why. */
  manifest?: Manifest;
  problems: Diagnostic[];
}

function syntaxProblems(documents: Document.Parsed[]): ManifestProblem[] {
  return documents.flatMap(({ errors }) =>
    errors.map(({ pos: [from, to], message }) => ({
      from,
      to,
      code: 'syntax' as const,
      // Its first line; the others show the text, which is there anyway.
      words: { message: message.split('\n')[0] },
    })),
  );
}

function readField(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, field) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string, unknown>)[field]
        : undefined,
    value,
  );
}

function identityProblems(
  value: unknown,
  expected: ManifestIdentity,
): ManifestProblem[] {
  const { apiVersion, kind, name, namespace } = expected;
  const checks: [string[], string | undefined][] = [
    [['apiVersion'], apiVersion],
    [['kind'], kind],
    [['metadata', 'name'], name],
    [['metadata', 'namespace'], namespace],
  ];
  return checks.flatMap(([path, wanted]) =>
    wanted === undefined || readField(value, path) === wanted
      ? []
      : [
          {
            ...{ from: 0, to: 0, code: 'identity' as const },
            words: { name: path.join('.'), value: wanted },
          },
        ],
  );
}

function read(
  text: string,
  options: { expected: ManifestIdentity; schema?: JsonSchema },
): { value?: unknown; problems: ManifestProblem[] } {
  const { expected, schema } = options;
  const tooLong = text.length > MOST_CHARACTERS;
  const documents = tooLong ? [] : parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.length !== 1) {
    const code = tooLong ? 'tooLong' : 'oneDocument';
    return { problems: [{ from: 0, to: 0, code, words: {} }] };
  }
  const syntax = syntaxProblems(documents);
  if (syntax.length > 0) return { problems: syntax };
  try {
    const value: unknown = documents[0].toJS();
    return {
      value,
      problems: [
        ...identityProblems(value, expected),
        ...(schema ? checkManifest(documents[0], schema) : []),
      ],
    };
  } catch (error) {
    // Aliases that stand for more than can be.
    const words = { message: (error as Error).message };
    return { problems: [{ from: 0, to: 0, code: 'syntax', words }] };
  }
}

/**
 * Reads a manifest as it is written. What the schema says is wrong does not keep it from being tried: the API server decides,
 * by a dry run.
 */
export function useManifestText(
  text: string,
  options: { expected: ManifestIdentity; schema?: JsonSchema },
): ManifestText {
  const { schema } = options;
  const expectedText = JSON.stringify(options.expected);
  const { t } = useTranslationRef(k8sTranslationRef);
  return useMemo(() => {
    const expected: ManifestIdentity = JSON.parse(expectedText);
    const { value, problems } = read(text, { expected, schema });
    const isRefused = problems.some(({ code }) =>
      ['syntax', 'identity', 'oneDocument', 'tooLong'].includes(code),
    );
    return {
      manifest:
        value === undefined || isRefused ? undefined : (value as Manifest),
      problems: problems.map(({ from, to, code, words }) => ({
        from,
        to,
        severity: 'error' as const,
        message: t(`object.problems.${code}`, words as never),
      })),
    };
  }, [text, expectedText, schema, t]);
}
