import { InputError } from '@backstage/errors';
import { groupOfPath } from '../discovery/groupOfPath';
import type { Handlers } from '../router/Handlers';
import type { AuditScopes } from './AuditScopes';
import type { AuditPosition, AuditStore } from './AuditStore';

/** No namespace, in a path or query. */
const NO_NAMESPACE = '_';

/** What the handlers of the audit work with. */
export interface AuditHandlersOptions {
  store: AuditStore;
  scopes: AuditScopes;
}

const POSITION = /^(\d{1,15})\.([0-9a-f-]{36})$/;

function formatPosition({ at, id }: AuditPosition): string {
  return Buffer.from(`${at}.${id}`).toString('base64url');
}

/** @throws InputError */
function parsePosition(token: string): AuditPosition {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const match = POSITION.exec(text);
  if (!match) {
    throw new InputError('query/continue is not from a page of the audit');
  }
  return { at: Number(match[1]), id: match[2] };
}

/** @throws InputError for a time that no calendar has */
function parseTime(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InputError(`query/${name} is no time`);
  return time;
}

/** Answers who changed what, to those who may know: administrators all, owners of clusters theirs, others their own. */
export function auditHandlers(
  options: AuditHandlersOptions,
): Pick<Handlers, 'listAudit'> {
  return {
    listAudit: async ({ query, context }) => {
      const { limit = 100, continue: token, from, to, ...others } = query;
      const { group, plural, namespace, name, ...filters } = others;
      const object = {
        ...{ plural, name },
        group: group === undefined ? undefined : groupOfPath(group),
        namespace: namespace === NO_NAMESPACE ? null : namespace,
      };
      const range = {
        from: from === undefined ? undefined : parseTime('from', from),
        to: to === undefined ? undefined : parseTime('to', to),
      };
      const after = token === undefined ? undefined : parsePosition(token);
      const { scope, name: whose } = await options.scopes.of(context);
      const { entries, next } = await options.store.list({
        ...filters,
        ...range,
        object,
        after,
        scope,
        limit,
      });
      return {
        entries,
        scope: whose,
        ...(next && { continue: formatPosition(next) }),
      };
    },
  };
}
