import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './Problem.ts';

/** The users that the development portal signs in, each named after what it may. */
export const DEMO_USERS = ['viewer', 'operator', 'admin', 'owner'] as const;

/** A user of the development portal. */
export type DemoUser = (typeof DEMO_USERS)[number];

/** A portal that has just started answers 503 until its catalog has read the users. */
const CATALOG_TIMEOUT_MS = 60_000;
const RETRY_MS = 500;
const UNAVAILABLE = 503;

/** A portal token of a demo user; good for an hour. @throws Problem when the portal does not answer or has no demo sign-in */
export async function demoToken(url: string, user: DemoUser): Promise<string> {
  const deadline = Date.now() + CATALOG_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(
      `${url}/api/auth/k8s-demo/refresh?user=${user}`,
    ).catch(() => {
      throw new Problem(
        `No portal answers on ${url}: start one with ./portal start.`,
      );
    });
    const body = (await answer.json().catch(() => undefined)) as
      | { backstageIdentity?: { token?: unknown } }
      | undefined;
    const token = body?.backstageIdentity?.token;
    if (answer.ok && typeof token === 'string') return token;
    if (answer.status !== UNAVAILABLE || Date.now() > deadline) {
      throw new Problem(
        `The portal on ${url} gives out no demo tokens (status ${answer.status}).`,
      );
    }
    await sleep(RETRY_MS);
  }
}
