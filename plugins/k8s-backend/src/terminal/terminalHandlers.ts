import { NotAllowedError } from '@backstage/errors';
import type { Handlers } from '../router/Handlers';
import type { PodTerminals } from './PodTerminals';
import type { TerminalTickets } from './TerminalTickets';

/** Answers the operations on terminals. */
export function terminalHandlers(options: {
  terminals: PodTerminals;
  tickets: TerminalTickets;
}): Pick<Handlers, 'createTerminal'> {
  const { terminals, tickets } = options;
  return {
    createTerminal: async ({ path, body, context }) => {
      const { id: cluster, namespace, name: pod } = path;
      const place = await terminals.prepare(
        { cluster, namespace, pod, ...body },
        { context },
      );
      const { type, ref } = context.principal;
      if (type !== 'user') {
        throw new NotAllowedError(
          'Terminals are for people: what is typed has to be somebody’s',
        );
      }
      return tickets.issue(place, ref);
    },
  };
}
