/** Where everything is. Tools and programs are the clone's; state can be elsewhere, so that tests run beside a portal. */
import { join, resolve } from 'node:path';
import { Problem } from './Problem.ts';

/** The clone; `portal` changes to it before anything runs, and so do the tests. */
export const ROOT = process.cwd();
/** Where the user was when calling `./portal`; what the user names is relative to it. */
export const CALLED_FROM = process.env.PORTAL_CALLED_FROM ?? ROOT;
/** What is brought and built once per clone: `tools`, `bin`, stamps. */
export const CLONE = join(ROOT, '.portal');
/** What one portal keeps: `clusters`, `data`, `secrets`, `logs`, `run`. */
export const HOME = resolve(ROOT, process.env.PORTAL_HOME ?? '.portal');
/** Programs that are built from Go modules. */
export const BIN = join(CLONE, 'bin');
/** Output of what takes long. */
export const LOGS = join(HOME, 'logs');
/** The port that the portal is served on. */
export const PORT = portOf(process.env.PORTAL_PORT ?? '7007');

/** @throws Problem when it is none */
function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 0xffff) return port;
  throw new Problem(
    `PORTAL_PORT is "${text}": it has to be a number up to 65535.`,
  );
}
