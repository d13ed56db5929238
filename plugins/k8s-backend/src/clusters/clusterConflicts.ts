import { ConflictError, ServiceUnavailableError } from '@backstage/errors';

const POSTGRES_UNIQUE_VIOLATION = '23505';

/** What people are told when the cluster behind an access is registered already. */
export const CLUSTER_TAKEN = 'This cluster is registered already';

/** What SQLite (by column) and PostgreSQL (by index) call what is taken, and what people are told. */
const TAKEN: readonly [RegExp, string][] = [
  [
    /clusters\.name_key|clusters_name_unique/,
    'A cluster of this name is registered; choose another name',
  ],
  [
    /clusters\.slug|clusters_slug_unique/,
    'A cluster is, or was at first, registered by this name or one that differs only in case, spaces or punctuation; choose another name',
  ],
  [
    /clusters\.server|clusters_server_unique/,
    'A cluster with this API server is registered',
  ],
  [/clusters\.uid|clusters_uid_unique/, CLUSTER_TAKEN],
];

/** The error for a write to the clusters that the database refused. */
export function storeError(error: unknown): Error {
  const { message, code, constraint } = Object(error) as {
    message?: string;
    code?: string;
    constraint?: string;
  };
  const text = `${message} ${constraint}`;
  const isUnique =
    code === POSTGRES_UNIQUE_VIOLATION ||
    text.includes('UNIQUE constraint failed');
  if (!isUnique) {
    return new ServiceUnavailableError(
      'The database does not answer, so nothing was changed; try again soon',
      error,
    );
  }
  const taken = TAKEN.find(([pattern]) => pattern.test(text));
  return new ConflictError(taken?.[1] ?? CLUSTER_TAKEN);
}
