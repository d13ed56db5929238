import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { K8sProvider, useClusters } from '@backstage-k8s/plugin-k8s-react';
import { scaffolderTranslationRef } from '../translation/scaffolderTranslationRef';
import { ChoiceField } from './ChoiceField';

/** What the field takes from a template, and what it gives: the name of a cluster. */
export const clusterPickerSchema = makeFieldSchema({
  output: z => z.string(),
  uiOptions: z =>
    z.object({
      labels: z
        .record(z.string())
        .optional()
        .describe('Only clusters that have all of these labels; absent: all'),
    }),
});

type Props = typeof clusterPickerSchema.TProps;

function ClusterChoice(props: Props) {
  const { t } = useTranslationRef(scaffolderTranslationRef);
  const { data, error, isPending } = useClusters();
  const labels = Object.entries(props.uiSchema['ui:options']?.labels ?? {});
  const names = (data ?? [])
    .filter(cluster =>
      labels.every(([key, value]) => cluster.labels[key] === value),
    )
    .map(({ name }) => name);
  return (
    <ChoiceField
      {...props}
      title={props.schema.title ?? t('cluster.title')}
      options={names}
      isLoading={isPending}
      problem={error?.message}
      hint={isPending || names.length > 0 ? undefined : t('cluster.none')}
    />
  );
}

/** Chooses one of the clusters that the user may see. */
export function ClusterPicker(props: Props) {
  return (
    <K8sProvider>
      <ClusterChoice {...props} />
    </K8sProvider>
  );
}
