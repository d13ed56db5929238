import type { Kind } from '@backstage-k8s/plugin-k8s-common';

/** The tabs of an object's page. */
export const OBJECT_TABS = [
  'summary',
  'yaml',
  'events',
  'related',
  'logs',
  'terminal',
  'revisions',
  'history',
] as const;

/** One of {@link OBJECT_TABS}. */
export type ObjectTab = (typeof OBJECT_TABS)[number];

/** Kinds whose summary has the revisions. */
const WITH_REVISIONS = ['deployments.apps'];

/** The tabs that objects of a kind have. */
export function tabsOf(
  kind: Pick<Kind, 'group' | 'plural' | 'actions'>,
): ObjectTab[] {
  const hasRevisions =
    kind.actions.includes('rollback') &&
    !WITH_REVISIONS.includes(`${kind.plural}.${kind.group}`);
  const isThere: Partial<Record<ObjectTab, boolean>> = {
    logs: kind.actions.includes('logs'),
    terminal: kind.actions.includes('exec'),
    revisions: hasRevisions,
  };
  return OBJECT_TABS.filter(tab => isThere[tab] ?? true);
}
