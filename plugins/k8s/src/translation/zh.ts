import { changesMessagesZh } from '../audit/changesMessages.zh';
import { cacheMessagesZh } from '../cache/cacheMessages.zh';
import { historyMessagesZh } from '../history/historyMessages.zh';
import { logsMessagesZh } from '../logs/logsMessages.zh';
import { formMessagesZh } from '../object/form/formMessages.zh';
import { objectMessagesZh } from '../object/objectMessages.zh';
import { registerMessagesZh } from '../register/registerMessages.zh';
import { resourcesMessagesZh } from '../resources/resourcesMessages.zh';
import { searchMessagesZh } from '../search/searchMessages.zh';
import { terminalMessagesZh } from '../terminal/terminalMessages.zh';
import { pagesMessagesZh } from './pagesMessages.zh';

/** The words of the pages in Chinese; the reference's type has them complete. */
const messages = {
  ...pagesMessagesZh,
  ...changesMessagesZh,
  ...cacheMessagesZh,
  ...historyMessagesZh,
  ...formMessagesZh,
  ...logsMessagesZh,
  ...objectMessagesZh,
  ...registerMessagesZh,
  ...resourcesMessagesZh,
  ...searchMessagesZh,
  ...terminalMessagesZh,
};

export default messages;
