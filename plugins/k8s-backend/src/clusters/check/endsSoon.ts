const SOON_MS = 14 * 24 * 60 * 60 * 1000;

/** Whether it ends within two weeks, the time that people have to renew it. */
export function endsSoon(end: Date): boolean {
  return end.getTime() - Date.now() < SOON_MS;
}
