import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Said in English where a translation is not there yet: a name that is refused must not pass for want of words. */
export const BAD_NAME =
  'is not a name that Kubernetes allows: at most 63 small letters, digits and hyphens, beginning and ending with a letter or a digit';

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
      badName: BAD_NAME,
    },
  },
  translations: {
    zh: () => import('./zh'),
  },
});
