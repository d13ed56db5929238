import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { resourceReview } from '@backstage-k8s/plugin-k8s-react';
import type {
  AccessReview,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';

/** What can be done with an object from its row and its page, in the order in which it is offered. */
export const OBJECT_ACTIONS = [
  'scale',
  'restart',
  'pause',
  'resume',
  'suspend',
  'unsuspend',
  'run',
  'rollback',
  'delete',
] as const;

/** One of {@link OBJECT_ACTIONS}. */
export type ObjectAction = (typeof OBJECT_ACTIONS)[number];

/** Offered only where there is something to go on with. */
const RESUMING: readonly ObjectAction[] = ['resume', 'unsuspend'];
/** Offered only where there is something that goes on. */
const HOLDING: readonly ObjectAction[] = ['pause', 'suspend'];

/** The actions that make sense for an object as it is now. */
export function actionsOf(
  kind: Pick<Kind, 'actions' | 'verbs'>,
  health: ResourceRow['health'],
): ObjectAction[] {
  // Scaled to 0, it has nothing to do; nobody holds it.
  const isHeld = health.state === 'suspended' && health.word !== 'ScaledDown';
  return OBJECT_ACTIONS.filter(action => {
    if (action === 'delete') return kind.verbs.includes('delete');
    if (!kind.actions.includes(action)) return false;
    if (RESUMING.includes(action)) return isHeld;
    return !(HOLDING.includes(action) && isHeld);
  });
}

/** The right that an action needs. */
export function actionReviews(
  action: ObjectAction | 'yaml',
  ref: ResourceRef,
): AccessReview[] {
  return [
    resourceReview(
      action === 'delete' ? 'resource.delete' : 'resource.update',
      ref,
    ),
  ];
}
