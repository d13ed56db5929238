import { InputError } from '@backstage/errors';
import { k8sAuditReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { HandlerResult, Handlers } from '../router/Handlers';
import type { AuditPosition, AuditScope, AuditStore } from './AuditStore';

/** What the handlers of the audit work with. */
export interface AuditHandlersOptions {
  store: AuditStore;
  access: AccessControl;
  clusters: VisibleClusters;
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

async function scopeOf(
  context: RequestContext,
  options: AuditHandlersOptions,
): Promise<{ scope: AuditScope; name: HandlerResult<'listAudit'>['scope'] }> {
  const { access, clusters } = options;
  if (await access.allowsEveryCluster(k8sAuditReadPermission, context)) {
    return { scope: 'all', name: 'all' };
  }
  const readable: string[] = [];
  for (const cluster of await clusters.list(context)) {
    if (await access.allowsCluster(k8sAuditReadPermission, cluster, context)) {
      readable.push(cluster.id);
    }
  }
  return {
    scope: { actor: context.principal.ref, clusters: readable },
    name: readable.length > 0 ? 'clusters' : 'own',
  };
}

/** Answers who changed what, to those who may know: administrators all, owners of clusters theirs, others their own. */
export function auditHandlers(
  options: AuditHandlersOptions,
): Pick<Handlers, 'listAudit'> {
  return {
    listAudit: async ({ query, context }) => {
      const { limit = 100, continue: token, from, to, ...filters } = query;
      const range = {
        from: from === undefined ? undefined : parseTime('from', from),
        to: to === undefined ? undefined : parseTime('to', to),
      };
      const after = token === undefined ? undefined : parsePosition(token);
      const { scope, name } = await scopeOf(context, options);
      const { entries, next } = await options.store.list({
        ...filters,
        ...range,
        after,
        scope,
        limit,
      });
      return {
        entries,
        scope: name,
        ...(next && { continue: formatPosition(next) }),
      };
    },
  };
}
