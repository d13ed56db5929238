import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import {
  K8sProvider,
  useClusters,
  useNamespaces,
} from '@backstage-k8s/plugin-k8s-react';
import { scaffolderTranslationRef } from '../translation/scaffolderTranslationRef';
import { ChoiceField } from './ChoiceField';

/** What the field takes from a template, and what it gives: the name of a namespace. */
export const namespacePickerSchema = makeFieldSchema({
  output: z => z.string(),
  uiOptions: z =>
    z.object({
      cluster: z
        .string()
        .optional()
        .describe('Id or name of the cluster; absent: that of clusterField'),
      clusterField: z
        .string()
        .optional()
        .describe('Field of the form that holds the cluster; default cluster'),
      allowNew: z
        .boolean()
        .optional()
        .describe(
          'Whether one may be typed that does not exist yet; default false',
        ),
    }),
});

type Props = typeof namespacePickerSchema.TProps;

const CLUSTER_FIELD = 'cluster';

/** The cluster that the template or another field of the form names. */
function chosenCluster(props: Props): string | undefined {
  const options = props.uiSchema['ui:options'];
  if (options?.cluster) return options.cluster;
  const field = options?.clusterField ?? CLUSTER_FIELD;
  const value: unknown = props.formContext?.formData?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function useTitle({ schema }: Props): string {
  const { t } = useTranslationRef(scaffolderTranslationRef);
  return schema.title ?? t('namespace.title');
}

function NamespaceOf(props: Props & { cluster: string }) {
  const { cluster, ...field } = props;
  const { t } = useTranslationRef(scaffolderTranslationRef);
  const title = useTitle(field);
  const { data, error, isPending } = useNamespaces(cluster);
  const names = (data?.rows ?? []).map(({ name }) => name);
  return (
    <ChoiceField
      {...field}
      title={title}
      options={names}
      isLoading={isPending}
      problem={error?.message}
      hint={isPending || names.length > 0 ? undefined : t('namespace.none')}
      allowNew={field.uiSchema['ui:options']?.allowNew}
    />
  );
}

function NamespaceChoice(props: Props) {
  const { t } = useTranslationRef(scaffolderTranslationRef);
  const title = useTitle(props);
  const { data, error, isPending } = useClusters();
  const wanted = chosenCluster(props);
  const cluster =
    data?.find(({ id }) => id === wanted) ??
    data?.find(({ name }) => name === wanted);
  if (cluster) return <NamespaceOf {...props} cluster={cluster.id} />;
  return (
    <ChoiceField
      {...props}
      title={title}
      options={[]}
      isLoading={wanted !== undefined && isPending}
      problem={error?.message}
      hint={wanted === undefined ? t('namespace.clusterFirst') : undefined}
      disabled
    />
  );
}

/** Chooses a namespace of a cluster that the template or another field names. */
export function NamespacePicker(props: Props) {
  return (
    <K8sProvider>
      <NamespaceChoice {...props} />
    </K8sProvider>
  );
}
