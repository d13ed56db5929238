import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The words of the form fields. */
export const scaffolderTranslationRef = createTranslationRef({
  id: 'k8s-scaffolder',
  messages: {
    cluster: {
      title: 'Cluster',
      none: 'There is no cluster to choose that you may see.',
    },
    namespace: {
      title: 'Namespace',
      none: 'This cluster has no namespace that you may see.',
      clusterFirst: 'Choose a cluster first.',
      badName:
        'is not a name that Kubernetes allows: at most 63 small letters, digits and hyphens, beginning and ending with a letter or a digit',
    },
  },
  translations: {
    zh: () => import('./zh'),
  },
});
