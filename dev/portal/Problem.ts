/** Something that the user can do something about: its message is one sentence that says what. */
export class Problem extends Error {
  name = 'Problem' as const;
}

/** What is said wherever it shows. */
export const DISK_IS_FULL = 'The disk is full: free some space and try again.';
