import { Problem } from '../Problem.ts';
import { DEMO_USERS, demoToken } from '../demoToken.ts';
import { PORT } from '../paths.ts';
import { runningPortal } from '../runningPortal.ts';
import type { Command } from './Command.ts';

const token: Command = {
  usage: [
    `token ${DEMO_USERS.join(
      '|',
    )}   print a portal token of that demo user, for curl`,
  ],
  async run([name, ...rest]) {
    const user = DEMO_USERS.find(known => known === name);
    if (!user || rest.length > 0) {
      throw new Problem(`Say whose token: ${DEMO_USERS.join(', ')}.`);
    }
    console.log(
      await demoToken(runningPortal()?.url ?? `http://localhost:${PORT}`, user),
    );
    return 0;
  },
};

export default token;
