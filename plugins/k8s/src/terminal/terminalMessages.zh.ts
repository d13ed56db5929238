/** The words of terminals in Chinese. */
export const terminalMessagesZh = {
  'terminal.label': '{{pod}} 中的终端',
  'terminal.container': '容器',
  'terminal.open': '打开终端',
  'terminal.opening': '正在打开…',
  'terminal.close': '关闭',
  'terminal.audited':
    '终端可以做容器能做的一切。{{user}} 输入的内容会保存在审计中。',
  'terminal.running':
    '已在 {{container}} 中打开。{{user}} 输入的内容会保存在审计中。',
  'terminal.forbidden': '您不能在此打开终端',
  'terminal.again': '重新打开',
  'terminal.what': '终端',
  'terminal.end.exited': '程序已结束。',
  'terminal.end.exitedWith': '程序已结束，退出码 {{exitCode}}。',
  'terminal.end.failed': '终端中断：{{message}}',
  'terminal.end.refused': '终端被拒绝：{{message}}',
  'terminal.end.idle': '半小时内没有输入，终端已关闭。',
  'terminal.end.limit': '终端已达到（时间或输入量）上限，已关闭。',
  'terminal.end.tokenExpired': '您的登录已过期，终端已关闭。',
  'terminal.end.accessLost': '您不再有权使用此终端。',
  'terminal.end.accessUnknown': '无法确认您是否仍有权使用此终端，已关闭。',
  'terminal.end.auditFailed': '您的输入无法保存到审计，终端已关闭。',
  'terminal.end.tooSlow': '输出过多无法显示，终端已关闭。',
  'terminal.end.shutdown': '门户正在重启。请稍后重新打开终端。',
  'terminal.end.closed': '终端已关闭。',
  'terminal.end.lost': '连接已断开。',
} as const;
