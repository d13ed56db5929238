/** The words of terminals. */
export const terminalMessages = {
  label: 'Terminal in {{pod}}',
  container: 'Container',
  open: 'Open terminal',
  opening: 'Opening…',
  close: 'Close',
  audited:
    'A terminal can do what its container can. What {{user}} types is kept in the audit.',
  running: 'Open in {{container}}. What {{user}} types is kept in the audit.',
  forbidden: 'You may not open a terminal here',
  again: 'Open again',
  what: 'The terminal',
  end: {
    exited: 'The program has ended.',
    exitedWith: 'The program has ended with exit code {{exitCode}}.',
    failed: 'The terminal broke off: {{message}}',
    refused: 'The terminal was refused: {{message}}',
    idle: 'Nothing was typed for half an hour, so the terminal was closed.',
    limit:
      'The terminal has come to a limit (of time, or of what can be typed) and was closed.',
    tokenExpired: 'Your sign-in has ended, so the terminal was closed.',
    accessLost: 'You may not use this terminal any more.',
    accessUnknown:
      'It is not known whether you may still use this terminal, so it was closed.',
    auditFailed:
      'What you type could not be kept in the audit, so the terminal was closed.',
    tooSlow:
      'More was written than could be shown, so the terminal was closed.',
    shutdown:
      'The portal is being restarted. Open the terminal again in a moment.',
    closed: 'The terminal is closed.',
    lost: 'The connection was lost.',
  },
} as const;
