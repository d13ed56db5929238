/** What the audit calls the changes that can be made, in the order in which they are chosen from. */
export const AUDIT_ACTIONS = [
  'deployment.create',
  'deployment.setImage',
  'deployment.scale',
  'deployment.restart',
  'deployment.rollback',
  'deployment.update',
  'deployment.delete',
  'namespace.create',
  'namespace.update',
  'namespace.delete',
  'logs.read',
  'terminal.open',
  'terminal.input',
  'cluster.register',
  'cluster.update',
  'cluster.delete',
  'cluster.checkHealth',
  'cluster.health',
] as const;

/** An action that the pages have words for. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Whether there are words for an action; the back end may be newer than the page. */
export function isKnownAction(action: string): action is AuditAction {
  return (AUDIT_ACTIONS as readonly string[]).includes(action);
}
