import type { Kind } from '@backstage-k8s/plugin-k8s-common';

/** The tabs of an object's page. */
export const OBJECT_TABS = [
  'summary',
  'yaml',
  'events',
  'related',
  'revisions',
  'history',
] as const;

/** One of {@link OBJECT_TABS}. */
export type ObjectTab = (typeof OBJECT_TABS)[number];

/** The tabs that objects of a kind have. */
export function tabsOf(kind: Pick<Kind, 'actions'>): ObjectTab[] {
  return OBJECT_TABS.filter(
    tab => tab !== 'revisions' || kind.actions.includes('rollback'),
  );
}
