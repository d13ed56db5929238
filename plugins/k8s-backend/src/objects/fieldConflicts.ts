import { ConflictError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { hintsOf, withHints } from '../errors/answerHints';
import { plainText } from '../views/plainText';

// As the API server words it: conflict with "kubectl-client-side-apply" using apps/v1
const OWNER = /^conflict with "((?:[^"\\]|\\.)*)"/;
/** Conflicts that a message names; its details name all. */
const NAMED = 3;

interface NamedField {
  field: string;
  message: string;
}

/** `.spec.containers[name="app"].image` as our other paths are. */
function pathText(field: string): string {
  return plainText(field)
    .replace(/^\./, '')
    .replace(/="((?:[^"\\]|\\.)*)"/g, '=$1');
}

/** The fields that an apply was refused for, and who owns them; empty for any other error. */
export function conflictsOf(error: unknown): Schema<'FieldConflict'>[] {
  if (!(error instanceof ConflictError)) return [];
  const { fields } = hintsOf(error).details ?? {};
  if (!Array.isArray(fields)) return [];
  return (fields as NamedField[]).flatMap(({ field, message }) => {
    const owner = OWNER.exec(message)?.[1];
    return owner === undefined
      ? []
      : [{ path: pathText(field), owner: plainText(owner, 128) }];
  });
}

/** An error of an apply; where fields of others are why, it says whose. */
export function explainConflicts(error: unknown): unknown {
  const conflicts = conflictsOf(error);
  if (conflicts.length === 0) return error;
  const named = conflicts
    .slice(0, NAMED)
    .map(({ path, owner }) => `${path} (${owner})`)
    .join(', ');
  const rest = conflicts.length - NAMED;
  return withHints(
    new ConflictError(
      `Others own fields of this manifest: ${named}${
        rest > 0 ? ` and ${rest} more` : ''
      }. Leave them out, or apply with force to take them over`,
      error as Error,
    ),
    { details: { conflicts } },
  );
}
