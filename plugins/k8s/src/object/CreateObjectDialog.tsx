import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PlanDialog,
  kindPath,
  unwrap,
  useKindSchema,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { NewManifest } from './NewManifest';
import type { ObjectCluster } from './objectChanges';
import { asJsonSchema } from './schema/JsonSchema';
import type { JsonSchema } from './schema/JsonSchema';
import { useNewManifest } from './useNewManifest';

interface CreateObjectDialogProps {
  cluster: ObjectCluster;
  kind: Kind;
  /** Where it is created unless its manifest says otherwise; empty: `default`. */
  namespace?: string;
  onClose: () => void;
}

const ROUTE = '/clusters/{id}/resources/{group}/{plural}';

/** The dialog once it is known what the kind needs. */
function CreateDialog(
  props: CreateObjectDialogProps & { schema?: JsonSchema; isLoading: boolean },
) {
  const { cluster, kind, namespace, schema, isLoading, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const state = useNewManifest(kind, { schema, namespace });
  const { manifest } = state;
  const metadata = manifest?.metadata;
  const name = metadata?.name ?? metadata?.generateName;
  const isNamed = typeof name === 'string' && name !== '';
  const target = {
    ...{ cluster: cluster.id, group: kind.group, plural: kind.plural },
    namespace: kind.namespaced ? metadata?.namespace : undefined,
    name: isNamed ? name : '',
  };
  const [created, setCreated] = useState<string>();
  const path = kindPath(cluster.id, kind);
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('resources.create', { kind: kind.kind }),
        verb: t('common.create'),
        target: {
          cluster: { ...cluster, protected: false },
          namespace: target.namespace,
          name: target.name,
        },
        input: manifest,
        isWide: true,
        incomplete: isLoading ? t('common.loading') : state.incomplete,
        form: (
          <NewManifest
            cluster={cluster.id}
            kind={kind}
            schema={schema}
            isLoading={isLoading}
            state={state}
          />
        ),
        dryRun: async ({ client }) =>
          manifest &&
          unwrap(
            await client.POST(ROUTE, {
              params: { path, query: { dryRun: true } },
              body: { manifest },
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) => {
          const change = unwrap(
            await client.POST(ROUTE, {
              params: { path, header: { 'Idempotency-Key': idempotencyKey } },
              body: { manifest: manifest! },
            }),
          );
          setCreated(change.name);
          return { status: 'done' };
        },
        // The list learns of it by the stream.
        changes: [],
        progress: created && (
          <p>
            <Link to={links.object({ ...target, name: created })}>
              {t('object.openCreated', { name: created })}
            </Link>
          </p>
        ),
      }}
    />
  );
}

/** Creates an object from a form made of its kind's schema, or from YAML; both begin with what the schema demands. */
export function CreateObjectDialog(props: CreateObjectDialogProps) {
  const { cluster, kind } = props;
  const { data, isPending } = useKindSchema(cluster.id, kind);
  return (
    <CreateDialog
      {...props}
      schema={data && asJsonSchema(data)}
      isLoading={isPending}
    />
  );
}
