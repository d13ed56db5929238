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
    },
  },
  translations: {
    zh: () => import('./zh'),
  },
});
