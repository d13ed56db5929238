import { NotImplementedError } from '@backstage/errors';
import type { Handlers } from '../router/Handlers';

/** Answers the operations on terminals. */
export function terminalHandlers(): Pick<Handlers, 'createTerminal'> {
  return {
    createTerminal: async () => {
      throw new NotImplementedError('Terminals are not answered yet');
    },
  };
}
