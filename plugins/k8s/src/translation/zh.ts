import { changesMessagesZh } from '../audit/changesMessages.zh';
import { registerMessagesZh } from '../register/registerMessages.zh';
import { pagesMessagesZh } from './pagesMessages.zh';

/** The words of the pages in Chinese; the reference's type has them complete. */
const messages = {
  ...pagesMessagesZh,
  ...changesMessagesZh,
  ...registerMessagesZh,
};

export default messages;
