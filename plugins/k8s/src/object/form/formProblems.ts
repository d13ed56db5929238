import {
  isDnsLabel,
  isLabelKey,
  isLabelValue,
  isValidName,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { Manifest } from '../manifest';
import { isFields } from './fieldPath';

/** What is wrong with an object's name, namespace or labels; words of the translation. */
export type MetadataProblem =
  | 'nameMissing'
  | 'nameInvalid'
  | 'namespaceInvalid'
  | 'labelInvalid';

/** What the back end would refuse of an object's metadata, by the field. */
export function metadataProblems(
  type: ResourceType & { namespaced: boolean },
  manifest: Pick<Manifest, 'metadata'>,
): Partial<Record<'name' | 'namespace' | 'labels', MetadataProblem>> {
  const metadata = isFields(manifest.metadata) ? manifest.metadata : {};
  const { name, namespace, labels, generateName } = metadata;
  const isNamed = typeof name === 'string' && name !== '';
  const isLabels =
    !isFields(labels) ||
    Object.entries(labels).every(
      ([key, value]) => isLabelKey(key) && isLabelValue(String(value)),
    );
  return {
    ...(!isNamed && !generateName && { name: 'nameMissing' as const }),
    ...(isNamed &&
      !isValidName(type, name) && { name: 'nameInvalid' as const }),
    ...(type.namespaced &&
      namespace !== undefined &&
      !isDnsLabel(String(namespace)) && {
        namespace: 'namespaceInvalid' as const,
      }),
    ...(!isLabels && { labels: 'labelInvalid' as const }),
  };
}
