import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { changesMessages } from '../audit/changesMessages';
import { cacheMessages } from '../cache/cacheMessages';
import { historyMessages } from '../history/historyMessages';
import { logsMessages } from '../logs/logsMessages';
import { formMessages } from '../object/form/formMessages';
import { objectMessages } from '../object/objectMessages';
import { registerMessages } from '../register/registerMessages';
import { resourcesMessages } from '../resources/resourcesMessages';
import { searchMessages } from '../search/searchMessages';
import { terminalMessages } from '../terminal/terminalMessages';
import { pagesMessages } from './pagesMessages';

/** The words of the pages. @public */
export const k8sTranslationRef = createTranslationRef({
  id: 'k8s',
  messages: {
    ...pagesMessages,
    cache: cacheMessages,
    changes: changesMessages,
    history: historyMessages,
    form: formMessages,
    logs: logsMessages,
    object: objectMessages,
    register: registerMessages,
    resources: resourcesMessages,
    search: searchMessages,
    terminal: terminalMessages,
  },
  translations: {
    zh: () => import('./zh'),
  },
});
