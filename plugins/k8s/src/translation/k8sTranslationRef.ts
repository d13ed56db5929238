import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { changesMessages } from '../audit/changesMessages';
import { registerMessages } from '../register/registerMessages';

/** The words of the pages. @public */
export const k8sTranslationRef = createTranslationRef({
  id: 'k8s',
  messages: {
    common: { copy: 'Copy', copied: 'Copied' },
    changes: changesMessages,
    register: registerMessages,
  },
  translations: {
    zh: () => import('./zh'),
  },
});
