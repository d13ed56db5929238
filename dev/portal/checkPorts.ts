import { Problem } from './Problem.ts';
import { isFree } from './freePort.ts';
import { PORT } from './paths.ts';
import { runningPortal } from './runningPortal.ts';

/** @throws Problem when a portal of this home runs, which would use the same files, or a port that is to be listened on is taken */
export async function checkPorts(
  command: string,
  others: number[] = [],
): Promise<void> {
  const running = runningPortal();
  if (running) {
    throw new Problem(
      `The portal is running already, on ${running.url} (process ${running.pid}).`,
    );
  }
  if (!(await isFree(PORT))) {
    throw new Problem(
      `Port ${PORT} is taken: end what listens there, or choose another with PORTAL_PORT=${
        PORT + 1
      } ./portal ${command}.`,
    );
  }
  for (const port of others) {
    if (!(await isFree(port))) {
      throw new Problem(`Port ${port} is taken: end what listens there.`);
    }
  }
}
