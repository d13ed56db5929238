import { changesMessagesZh } from '../audit/changesMessages.zh';
import { registerMessagesZh } from '../register/registerMessages.zh';

/** The words of the pages in Chinese; the reference's type has them complete. */
const messages = {
  'common.copy': '复制',
  'common.copied': '已复制',
  ...changesMessagesZh,
  ...registerMessagesZh,
};

export default messages;
