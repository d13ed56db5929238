import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { changesMessages } from '../audit/changesMessages';
import { objectMessages } from '../object/objectMessages';
import { registerMessages } from '../register/registerMessages';
import { resourcesMessages } from '../resources/resourcesMessages';
import { pagesMessages } from './pagesMessages';

/** The words of the pages. @public */
export const k8sTranslationRef = createTranslationRef({
  id: 'k8s',
  messages: {
    ...pagesMessages,
    changes: changesMessages,
    object: objectMessages,
    register: registerMessages,
    resources: resourcesMessages,
  },
  translations: {
    zh: () => import('./zh'),
  },
});
