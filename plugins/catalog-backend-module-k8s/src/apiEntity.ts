import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
} from '@backstage/catalog-model';
import type { ApiEntity } from '@backstage/catalog-model';

/**
 * The entity of the suite's REST API.
 *
 * @param options - `definition`: the OpenAPI document as text
 */
export function apiEntity(options: {
  definition: string;
  owner: string;
}): ApiEntity {
  const location = 'k8s:api';
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: {
      name: 'k8s',
      namespace: 'default',
      title: 'Kubernetes',
      description:
        'Registers Kubernetes clusters and works with what runs on them',
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
      },
    },
    spec: {
      type: 'openapi',
      lifecycle: 'production',
      owner: options.owner,
      definition: options.definition,
    },
  };
}
