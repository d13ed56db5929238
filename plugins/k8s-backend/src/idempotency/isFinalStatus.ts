/** Statuses whose cause may be gone next time, although nothing is wrong with the portal. */
const NOT_FINAL = [401, 403, 404, 409, 429];

/** Whether an answer would be the same next time, so that it can be kept. */
export function isFinalStatus(status: number): boolean {
  return status < 500 && !NOT_FINAL.includes(status);
}
