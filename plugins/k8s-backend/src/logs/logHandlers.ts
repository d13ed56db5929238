import { NotImplementedError } from '@backstage/errors';
import type { Handlers } from '../router/Handlers';

/** Answers the operations on logs. */
export function logHandlers(): Pick<Handlers, 'readPodLogs' | 'openLogStream'> {
  const soon = async () => {
    throw new NotImplementedError('Logs are not answered yet');
  };
  return { readPodLogs: soon, openLogStream: soon };
}
