import { DEMO_USERS } from './demoUsers';
import type { DemoUser } from './demoUsers';

const KEY = 'k8s-demo-user';

/** Who signed in last in this browser and did not sign out; undefined for nobody, or somebody that there is no more. */
export function readRememberedUser(): DemoUser | undefined {
  const name = window.localStorage.getItem(KEY);
  return DEMO_USERS.find(user => user.name === name);
}

/** Keeps the user signed in over a reload, and in new tabs. */
export function rememberUser(user: DemoUser): void {
  window.localStorage.setItem(KEY, user.name);
}

/** Has the next visit start at the sign-in page. */
export function forgetUser(): void {
  window.localStorage.removeItem(KEY);
}
