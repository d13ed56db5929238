import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { GuardedButton, resourceReview } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ObjectAction } from '../object/objectActions';
import type { ObjectCluster } from '../object/objectChanges';
import { lazyPart, useReadAhead } from '../pages/lazyPart';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { RowAction } from './RowMenu';

// They know YAML, schemas and plans, which a table does not need.
const CreateObjectDialog = lazyPart(
  'CreateObjectDialog',
  () => import('../object/CreateObjectDialog'),
  { waiting: null },
);
const ObjectDialog = lazyPart(
  'ObjectDialog',
  () => import('../object/ObjectDialog'),
  { waiting: null },
);
const AHEAD = [CreateObjectDialog, ObjectDialog];

/** Where objects go of which nobody said where. */
const DEFAULT_NAMESPACE = 'default';

type RowName = Pick<ResourceRef, 'namespace' | 'name'>;

/** What can be done from a kind's table. */
export interface RowActions {
  onAction: (action: RowAction, row: RowName) => void;
  open: (row: RowName) => void;
  /** Keys of a row that has the focus. */
  rowKeys: Readonly<Record<string, (row: RowName) => void>>;
  /** The button that creates an object; undefined: none can be created. */
  create?: (options: { isProminent: boolean }) => ReactNode;
  /** The dialog that is open. */
  dialog: ReactNode;
}

/** What is done from the table of a kind: a row's actions, and creating an object. */
export function useRowActions(options: {
  cluster: ObjectCluster;
  kind: Kind;
  /** Where objects are created; empty: anywhere. */
  namespace: string;
}): RowActions {
  const { cluster, kind, namespace } = options;
  const { group, plural } = kind;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const navigate = useNavigate();
  useReadAhead(AHEAD);
  const [dialog, setDialog] = useState<
    { action: 'create' } | { action: ObjectAction; target: ResourceRef }
  >();
  const onAction = useCallback(
    (action: RowAction, row: RowName) => {
      const { namespace: place, name } = row;
      const target = {
        ...{ cluster: cluster.id, group, plural },
        ...{ namespace: place, name },
      };
      if (action === 'open') navigate(links.object(target));
      else if (action === 'yaml') navigate(links.object(target, 'yaml'));
      else setDialog({ action, target });
    },
    [cluster.id, group, plural, links, navigate],
  );
  const open = useCallback((row: RowName) => onAction('open', row), [onAction]);
  const rowKeys = useMemo(
    () => ({ e: (row: RowName) => onAction('yaml', row) }),
    [onAction],
  );
  const words = t('resources.create', { kind: kind.kind });
  const close = () => setDialog(undefined);
  return {
    onAction,
    open,
    rowKeys,
    create: kind.verbs.includes('create')
      ? ({ isProminent }) => (
          <GuardedButton
            size="small"
            variant={isProminent ? 'primary' : 'secondary'}
            reviews={[
              resourceReview('resource.create', {
                ...{ cluster: cluster.id, group, plural },
                // Rights of a kind with namespaces are rights in one.
                ...(kind.namespaced && {
                  namespace: namespace || DEFAULT_NAMESPACE,
                }),
              }),
            ]}
            aria-label={words}
            onPress={() => setDialog({ action: 'create' })}
          >
            {/* In a toolbar there is little room, and the kind is said beside. */}
            {isProminent ? words : t('common.create')}
          </GuardedButton>
        )
      : undefined,
    dialog:
      dialog?.action === 'create' ? (
        <CreateObjectDialog
          cluster={cluster}
          kind={kind}
          namespace={namespace}
          onClose={close}
        />
      ) : (
        dialog && (
          <ObjectDialog
            action={dialog.action}
            cluster={cluster}
            kind={kind}
            target={dialog.target}
            onClose={close}
          />
        )
      ),
  };
}
