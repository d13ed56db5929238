import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { changesMessages } from '../audit/changesMessages';
import { registerMessages } from '../register/registerMessages';
import { pagesMessages } from './pagesMessages';

/** The words of the pages. @public */
export const k8sTranslationRef = createTranslationRef({
  id: 'k8s',
  messages: {
    ...pagesMessages,
    changes: changesMessages,
    register: registerMessages,
  },
  translations: {
    zh: () => import('./zh'),
  },
});
