import { formatResourceReference } from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceColumn,
  ResourceRow,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { IndexableDocument } from '@backstage/plugin-search-common';

/** An object of a cluster in the index of Backstage's search. @public */
export type K8sDocument = IndexableDocument & {
  /** E.g. `Deployment`. */
  kind: string;
  /** The name of the cluster. */
  cluster: string;
  /** Empty: the object has none. */
  namespace: string;
  authorization: { resourceRef: string };
};

/** A kind of which documents are made. */
export interface IndexedKind extends ResourceType {
  /** E.g. `Deployment`. */
  kind: string;
}

/** Characters that are indexed of an object besides its name; images and labels have room. */
const TEXT_LENGTH = 2_000;
const CORE_GROUP = 'core';
const NO_NAMESPACE = '_';

/** The column of a row that holds its images, as every kind with containers has it. */
const IMAGES = 'images';

function imagesOf(row: ResourceRow, columns: readonly ResourceColumn[]) {
  const images = row.cells[columns.findIndex(({ id }) => id === IMAGES)];
  return Array.isArray(images) ? images.map(String) : [];
}

/** The document of a row; who may see the object is asked of the permissions when somebody searches. */
export function toDocument(
  row: ResourceRow,
  options: {
    type: IndexedKind;
    columns: readonly ResourceColumn[];
    cluster: { id: string; name: string };
    /** Where the pages are mounted. */
    basePath: string;
  },
): K8sDocument {
  const { type, columns, cluster, basePath } = options;
  const { group, plural, kind } = type;
  const { name, namespace } = row;
  const place = { cluster: cluster.id, group, plural, namespace, name };
  const path = [
    ...['clusters', cluster.id, 'object', group || CORE_GROUP, plural],
    ...[namespace ?? NO_NAMESPACE, name],
  ];
  const words = [
    ...[kind, namespace, cluster.name],
    ...imagesOf(row, columns),
    ...Object.entries(row.labels ?? {}).map(
      ([key, value]) => `${key}=${value}`,
    ),
  ];
  return {
    title: name,
    text: words.filter(Boolean).join(' ').slice(0, TEXT_LENGTH),
    location: `${basePath}/${path.map(encodeURIComponent).join('/')}`,
    kind,
    cluster: cluster.name,
    namespace: namespace ?? '',
    authorization: { resourceRef: formatResourceReference(place) },
  };
}
