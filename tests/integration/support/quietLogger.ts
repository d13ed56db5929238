import type { LoggerService } from '@backstage/backend-plugin-api';

/** Says nothing. */
export const QUIET: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => QUIET,
};
