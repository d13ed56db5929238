import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PlanDialog,
  resourcePath,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectAction } from './objectActions';
import { OBJECT_ROUTE, objectKeys, objectTarget } from './objectChanges';
import type { ObjectDialogProps } from './objectChanges';
import { useEverywhere } from './useEverywhere';

const ROUTE = `${OBJECT_ROUTE}/actions/{action}` as const;

/** Does what needs nothing to be chosen: restart, pause, resume, suspend, run now. */
export function SimpleActionDialog(
  props: ObjectDialogProps & {
    action: Exclude<ObjectAction, 'scale' | 'rollback' | 'delete'>;
  },
) {
  const { action, target, isEverywhere, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  // What a run made.
  const [created, setCreated] = useState<{
    group: string;
    plural: string;
    namespace?: string;
    name: string;
  }>();
  const path = { ...resourcePath(target), action };
  const everywhere = useEverywhere(target, {
    change: { action },
    isChosen: isEverywhere,
  });
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t(`object.titles.${action}`, { name: target.name }),
        verb: t(`object.actions.${action}`),
        target: objectTarget(props),
        description: t(`object.texts.${action}`),
        input: { action },
        dryRun: async ({ client }) =>
          unwrap(
            await client.POST(ROUTE, {
              params: { path, query: { dryRun: true } },
              body: {},
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) => {
          const change = unwrap(
            await client.POST(ROUTE, {
              params: { path, header: { 'Idempotency-Key': idempotencyKey } },
              body: {},
            }),
          );
          setCreated(change.created);
          return { status: 'done' };
        },
        everywhere,
        changes: objectKeys(target),
        progress: created && (
          <p>
            <Link to={links.object({ ...created, cluster: target.cluster })}>
              {t('object.openCreated', { name: created.name })}
            </Link>
          </p>
        ),
      }}
    />
  );
}
