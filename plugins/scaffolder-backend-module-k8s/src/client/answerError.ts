import { isError, ResponseError } from '@backstage/errors';

/** Who owns a field that the change wanted, as the API tells it. */
interface Conflict {
  path: string;
  owner: string;
}

function isConflict(candidate: unknown): candidate is Conflict {
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    typeof Reflect.get(candidate, 'path') === 'string' &&
    typeof Reflect.get(candidate, 'owner') === 'string'
  );
}

function conflictsIn(error: object): Conflict[] {
  const details: unknown = Reflect.get(error, 'details');
  if (typeof details !== 'object' || details === null) return [];
  const conflicts: unknown = Reflect.get(details, 'conflicts');
  return Array.isArray(conflicts) ? conflicts.filter(isConflict) : [];
}

/** The API's own error, with its name and its words, instead of one that only tells the status. */
export async function answerError(response: Response): Promise<Error> {
  const error = await ResponseError.fromResponse(response);
  const { cause } = error;
  if (!isError(cause)) return error;
  const owned = conflictsIn(cause).map(
    ({ path, owner }) => `${path} is owned by ${owner}`,
  );
  if (owned.length > 0) cause.message = [cause.message, ...owned].join('; ');
  return cause;
}
