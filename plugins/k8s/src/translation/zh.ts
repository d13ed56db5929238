import { changesMessagesZh } from '../audit/changesMessages.zh';
import { objectMessagesZh } from '../object/objectMessages.zh';
import { registerMessagesZh } from '../register/registerMessages.zh';
import { resourcesMessagesZh } from '../resources/resourcesMessages.zh';
import { pagesMessagesZh } from './pagesMessages.zh';

/** The words of the pages in Chinese; the reference's type has them complete. */
const messages = {
  ...pagesMessagesZh,
  ...changesMessagesZh,
  ...objectMessagesZh,
  ...registerMessagesZh,
  ...resourcesMessagesZh,
};

export default messages;
